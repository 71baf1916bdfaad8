import { imagesOf, isoImage, sealedImages, udfImage } from './disk-images.ts';
import { putGpt, putMbr } from './disks.ts';

const MiB = 1024 * 1024;

/** Sound images of every kind, small enough to be damaged many times. */
export function soundImages(): (readonly [string, Buffer])[] {
  const disk = Buffer.alloc(MiB + 512);
  disk.fill('The quick brown fox. ', 70_000, 200_000);
  const [gpt, mbr] = [Buffer.alloc(MiB), Buffer.alloc(MiB)];
  putGpt(gpt, [{ start: 64, sectors: 64 }]);
  putMbr(mbr, [{ start: 64, sectors: 64, type: 5 }]);
  putMbr(mbr.subarray(64 * 512), [
    { start: 1, sectors: 8 },
    { start: 16, sectors: 8, type: 5 },
  ]);
  return [
    ...Object.entries(imagesOf(disk)),
    ...Object.entries(sealedImages()),
    ['gpt', gpt],
    ['mbr', mbr],
    ['iso', isoImage()],
    ['udf', udfImage()],
  ];
}
