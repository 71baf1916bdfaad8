import { describe, expect } from 'vitest';
import { json } from '../../src/sandbox/exchange.ts';
import { type Bend, on } from '../../src/sandbox/faults.ts';
import { it, startCloud } from '../support/cloud.ts';

const id = '11111111-2222-4333-8444-555555555555';
/** Some clouds take their time: Glance with delayed deletion says so, others go on showing the image. */
const pending: Bend = () => async () => json(200, { id, status: 'pending_delete' });

describe('image-delete --wait', () => {
  it('comes back when nobody finds the image any more', async ({ path }) => {
    const faults = [on('GET /v2/images/:id', pending, 2)];
    const cloud = await startCloud({ dir: path('slow'), faults });
    await cloud.run(`image-create --id ${id}`);
    const { out, err, code } = await cloud.run(`image-delete --wait ${id}`);
    await cloud.stop();
    expect({ out, err, code }).toEqual({
      ...{ out: '', err: `Image ${id} is still there, pending_delete\n`, code: 0 },
    });
  });

  it('ends with a failure when the time is over', async ({ path }) => {
    const cloud = await startCloud({ dir: path('stuck'), faults: [on('GET /v2/images/:id', pending)] });
    await cloud.run(`image-create --id ${id}`);
    const { err, code } = await cloud.run(`image-delete --wait --timeout 0 ${id}`);
    await cloud.stop();
    expect(code).toBe(1);
    expect(err).toContain(`Image ${id} is still there, pending_delete, after 0 s; it goes on in the cloud`);
  });

  it('waits for nothing that could not be deleted', async ({ cloud }) => {
    await cloud.run(`image-create --id ${id} --protected`);
    const { err, code } = await cloud.run(`image-delete --wait ${id}`);
    expect(code).toBe(3);
    expect(err).toContain(`You are not permitted to delete the image '${id}'`);
  });
});
