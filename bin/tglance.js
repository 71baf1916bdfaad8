#!/usr/bin/env node
require('../dist/tglance.cjs');
