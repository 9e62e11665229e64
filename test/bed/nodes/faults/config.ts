import { breakConfig, restoreConfig } from '../provision.ts';
import { type Fault, firstWorker, restartUnit, silent, untilWell } from './fault.ts';

/** The unit fails at once, and systemd tries again every five seconds. */
export const config: Fault = {
  name: 'config',
  title: "worker 1's config.yaml is no YAML any more, and the unit is restarted",
  break: async (nodes, { print } = silent) => {
    const node = firstWorker(nodes);
    print(`${node.name}: a bracket that never closes; systemctl restart ${node.unit}`);
    breakConfig(node);
    await restartUnit(nodes, node);
  },
  mend: async (nodes, { print } = silent) => {
    const node = firstWorker(nodes);
    print(`${node.name}: the config.yaml of the start; systemctl restart ${node.unit}`);
    restoreConfig(node);
    await restartUnit(nodes, node);
    await untilWell(nodes);
  },
};
