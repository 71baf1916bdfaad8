"""Says what Glance's inspector makes of files: oslo.utils has it from version 7.4 on, before that Glance itself."""

import json
import logging
import sys

try:
    from oslo_utils.imageutils import format_inspector
    source = 'oslo.utils'
except ImportError:
    from glance.common import format_inspector
    source = 'glance'

logging.disable()


def judged(path):
    try:
        found = format_inspector.detect_file_format(path)
    except format_inspector.ImageFormatError:
        return {'format': 'several'}
    [name] = [name for name, kind in format_inspector.ALL_FORMATS.items() if type(found) is kind]
    try:
        safe, checks = found.safety_check() is not False, []
    except Exception as error:
        safe, checks = False, list(getattr(error, 'failures', {}))
    return {'format': name, 'safe': safe, 'checks': checks, 'size': found.virtual_size}


print(json.dumps({'source': source, 'files': {path: judged(path) for path in sys.argv[1:]}}))
