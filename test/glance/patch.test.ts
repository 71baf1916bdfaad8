import { expect, it } from 'vitest';
import { patchOf } from '../../src/glance/patch.ts';

const image = { id: 'i', name: 'a', os_distro: 'alpine', hw_disk_bus: 'scsi', 'a/b~c': 'x' };

it.each([
  [
    'a known property that is missing is added',
    { os_version: '1' },
    [],
    [{ op: 'add', path: '/os_version', value: '1' }],
  ],
  ['a new property is added', { mine: 'x' }, [], [{ op: 'add', path: '/mine', value: 'x' }]],
  [
    'a property that is there is replaced',
    { hw_disk_bus: 'ide' },
    [],
    [{ op: 'replace', path: '/hw_disk_bus', value: 'ide' }],
  ],
  ['a property is removed', {}, ['hw_disk_bus'], [{ op: 'remove', path: '/hw_disk_bus' }]],
  ['a property that is not there is not removed', {}, ['nope', 'constructor'], []],
  [
    'what is both set and removed stays set',
    { hw_disk_bus: 'ide' },
    ['hw_disk_bus'],
    [{ op: 'replace', path: '/hw_disk_bus', value: 'ide' }],
  ],
  ['slashes and tildes are escaped', { 'a/b~c': 'y' }, [], [{ op: 'replace', path: '/a~1b~0c', value: 'y' }]],
])('%s', (_what, changes, removed, operations) => {
  expect(patchOf(image, new Map(Object.entries(changes)), removed)).toEqual(operations);
});

it('__proto__ is a property like any other', () => {
  expect(patchOf(image, new Map([['__proto__', 'x']]), [])).toEqual([
    { op: 'add', path: '/__proto__', value: 'x' },
  ]);
});
