import type { Clock } from '../../lib/clock.ts';
import type { Access, Executed } from './access.ts';
import { ContainerAccess, type ContainerSays, judgeLxcInfo } from './container.ts';

/** A Proxmox container, entered with `pct exec` on its hypervisor. */
export function pctAccess(
  pct: { readonly host: string; readonly id: number },
  base: Access,
  clock: Clock,
): Access {
  const id = String(pct.id);
  return new ContainerAccess(
    {
      transport: 'pct',
      name: `pct ${id} on ${pct.host}`,
      through: pct.host,
      ownsBase: false,
      enter: ['pct', 'exec', id, '--'],
      questions: [
        { argv: ['pct', 'status', id], judge: judgePctStatus },
        // `pct status` calls a frozen container running.
        { argv: ['lxc-info', '-n', id, '-s'], judge: judgeFrozen },
      ],
      byHand: `pct status ${id}`,
    },
    base,
    clock,
  );
}

/** `status: running`; of what is not there: `Configuration file 'nodes/…/101.conf' does not exist`. */
function judgePctStatus({ code, stdout, stderr }: Executed): ContainerSays | undefined {
  if (/^status: stopped/m.test(stdout.toString('utf8'))) return 'container-stopped';
  if (code !== 0 && /does not exist/.test(stderr)) return 'no-such-container';
  return undefined;
}

/** Proxmox knows which containers there are; LXC may look for them elsewhere. */
function judgeFrozen(answer: Executed): ContainerSays | undefined {
  const kind = judgeLxcInfo(answer);
  return kind === 'no-such-container' ? undefined : kind;
}
