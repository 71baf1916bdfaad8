import { guidAt } from './fields.ts';
import type { Danger } from './format.ts';
import { cutUnless, failIf, type Look, type Sight, upTo } from './gate-look.ts';
import { seesVmdk } from './gate-vmdk.ts';

const seesQcow2: Look = async (file) => {
  const head = await upTo(file, 0, 512);
  if (head.length < 512 || head.readUInt32BE(0) !== 0x514649fb) return undefined;
  const [version, features] = [head.readUInt32BE(4), head.readBigUInt64BE(72)];
  const failures = [
    ...failIf(head.readBigUInt64BE(8) !== 0n, 'backing_file', 'it has a backing file'),
    // it looks there in version 2 as well, which has no features
    ...failIf((features & 4n) !== 0n, 'data_file', 'its data are in another file'),
    ...failIf(version !== 2 && version !== 3, 'unknown_features', `its version is ${version}`),
    ...failIf(
      version === 3 && features >> 4n !== 0n,
      'unknown_features',
      'it uses features unknown to Glance',
    ),
  ];
  return { name: 'qcow2', failures, size: Number(head.readBigUInt64BE(24)) };
};

const seesVhd: Look = async (file) => {
  const head = await upTo(file, 0, 512);
  if (head.toString('latin1', 0, 8) !== 'conectix') return undefined;
  const whole = head.length === 512;
  return { name: 'vhd', failures: cutUnless(whole), size: whole ? Number(head.readBigUInt64BE(40)) : 0 };
};

const metadataRegion = '8b7ca206-4790-4b9a-b8fe-575f050f886e';
const virtualSize = '2fa54224-cd1b-4876-b211-5dbed83bf4b8';
const [regionTable, regionTableSize] = [192 * 1024, 64 * 1024];

const seesVhdx: Look = async (file) => {
  if ((await upTo(file, 0, 8)).toString('latin1') !== 'vhdxfile') return undefined;
  const regions = await upTo(file, regionTable, regionTableSize);
  const sight = (failures: readonly Danger[], size: number): Sight => ({ name: 'vhdx', failures, size });
  if (regions.length < regionTableSize) return sight(cutUnless(false), 0);
  const regionCount = regions.readUInt32LE(8);
  // a table that it cannot read leaves it without a check to fail
  if (regions.toString('latin1', 0, 4) !== 'regi' || regionCount >= 2048) return sight([], 0);
  const region = entryOf(regions, 16, regionCount, metadataRegion);
  if (region === undefined) return sight([], 0);
  const place = Number(regions.readBigUInt64LE(region + 16));
  const metadata = await upTo(file, place, regionTableSize);
  const count = metadata.length < 32 ? 0 : metadata.readUInt16LE(10);
  if (metadata.toString('latin1', 0, 8) !== 'metadata' || metadata.length < 32 + count * 32) {
    return sight(cutUnless(false), 0);
  }
  const item = entryOf(metadata, 32, count, virtualSize);
  if (item === undefined) return sight(cutUnless(metadata.length === regionTableSize), 0);
  const size = await upTo(file, place + metadata.readUInt32LE(item + 16), 8);
  const whole = size.length === 8 && metadata.readUInt32LE(item + 20) === 8;
  return sight(cutUnless(whole), whole ? Number(size.readBigUInt64LE(0)) : 0);
};

function entryOf(table: Buffer, from: number, count: number, id: string): number | undefined {
  for (let index = 0; index < count && from + (index + 1) * 32 <= table.length; index += 1) {
    if (guidAt(table, from + index * 32) === id) return from + index * 32;
  }
  return undefined;
}

const seesVdi: Look = async (file) => {
  const head = await upTo(file, 0, 512);
  if (head.length < 512 || head.readUInt32LE(64) !== 0xbeda107f) return undefined;
  return { name: 'vdi', failures: [], size: Number(head.readBigUInt64LE(368)) };
};

const seesQed: Look = async (file) => {
  const head = await upTo(file, 0, 512);
  if (head.length < 512 || head.toString('latin1', 0, 4) !== 'QED\0') return undefined;
  return { name: 'qed', failures: failIf(true, 'banned', 'this format is not allowed'), size: file.size };
};

/** It looks at one sector only, and so never sees a disk that has UDF and nothing else. */
const seesIso: Look = async (file) => {
  const header = await upTo(file, 32768, 2048);
  if (header.length < 2048) return undefined;
  if (!['CD001', 'NSR02', 'NSR03'].includes(header.toString('latin1', 1, 6))) return undefined;
  const size = header[0] === 1 ? header.readUInt32LE(80) * header.readUInt16LE(128) : 0;
  return { name: 'iso', failures: [], size };
};

const seesTable: Look = async (file) => {
  const record = await upTo(file, 0, 512);
  if (record.length < 512 || record.readUInt16LE(510) !== 0xaa55) return undefined;
  if (record[16] === 2 && record[21] === 0xf8) return undefined;
  const reason = tableFailure(record);
  return { name: 'gpt', failures: failIf(reason !== undefined, 'mbr', reason ?? ''), size: file.size };
};

function tableFailure(record: Buffer): string | undefined {
  const used: number[] = [];
  let protective = false;
  for (const index of [0, 1, 2, 3]) {
    const entry = record.subarray(446 + index * 16, 462 + index * 16);
    const type = entry.readUInt8(4);
    if (entry[0] !== 0 && entry[0] !== 0x80) return `entry ${index + 1} of its MBR has a wrong boot flag`;
    if (type !== 0) used.push(index);
    if (type !== 0xee) continue;
    protective = true;
    if (entry.readUIntBE(1, 3) !== 0x000200) return 'its MBR protects the GPT from a wrong place on (CHS)';
    if (entry.readUInt32LE(8) !== 1) return 'its MBR protects the GPT from a wrong place on (LBA)';
  }
  if (protective && used.join() !== '0') return 'its MBR has partitions beside the GPT';
  return used.length === 0 ? 'it has a boot sector and no partition' : undefined;
}

const seesLuks: Look = async (file) => {
  const head = await upTo(file, 0, 592);
  if (head.toString('latin1', 0, 6) !== 'LUKS\xba\xbe') return undefined;
  if (head.length < 592) return { name: 'luks', failures: cutUnless(false), size: 0 };
  const version = head.readUInt16BE(6);
  const failures = failIf(version !== 1, 'version', `LUKS version ${version} is not supported`);
  return { name: 'luks', failures, size: file.size - head.readUInt32BE(104) * 512 };
};

/** All that it looks for. */
export const sights: readonly Look[] = [
  seesQcow2,
  seesVhd,
  seesVhdx,
  seesVmdk,
  seesVdi,
  seesQed,
  seesIso,
  seesTable,
  seesLuks,
];
