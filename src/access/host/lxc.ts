import type { Clock } from '../../lib/clock.ts';
import type { Access } from './access.ts';
import { ContainerAccess, judgeLxcInfo } from './container.ts';
import { quoteAll } from './quote.ts';

/** A plain LXC container, entered with `lxc-attach` on this machine or on another host. */
export function lxcAccess(
  lxc: {
    readonly name: string;
    readonly path?: string | undefined;
    readonly host?: string | undefined;
  },
  base: Access,
  clock: Clock,
): Access {
  const where = [...(lxc.path === undefined ? [] : ['-P', lxc.path]), '-n', lxc.name];
  const state = ['lxc-info', ...where, '-s'];
  return new ContainerAccess(
    {
      transport: 'lxc',
      name: `lxc ${lxc.name} on ${lxc.host ?? 'this machine'}`,
      ownsBase: lxc.host === undefined,
      through: lxc.host ?? 'this machine',
      enter: ['lxc-attach', ...where, '--clear-env', '--'],
      questions: [{ argv: state, judge: judgeLxcInfo }],
      byHand: quoteAll(state),
    },
    base,
    clock,
  );
}
