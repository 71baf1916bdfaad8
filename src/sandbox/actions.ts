import { type Known, permit, revise } from './calls.ts';
import { empty } from './exchange.ts';
import type { Image } from './image.ts';
import { refuse } from './refusal.ts';

/** POST /v2/images/:id/actions/deactivate, and the way back */
export const deactivate: Known = turn('deactivate', 'active', 'deactivated');
export const reactivate: Known = turn('reactivate', 'deactivated', 'active');

function turn(verb: string, from: Image['status'], to: Image['status']): Known {
  return (cloud, call) => {
    revise(cloud, call, (image) => {
      permit(image, call, verb);
      if (image.status !== from && image.status !== to) {
        throw refuse(403, `Not allowed to ${verb} image in status '${image.status}'`);
      }
      return { ...image, status: to };
    });
    return empty(204);
  };
}
