import { addresses, namespaces } from '../layout.ts';
import { inNamespace } from '../network.ts';
import { must } from '../run.ts';
import { type Fault, firstWorker, silent, untilWell } from './fault.ts';

const table = 'bridge cut_one_way';

/** From the node to the API server nothing arrives; all else does, the API's own calls too. */
export const cutOneWay: Fault = {
  name: 'cut-one-way',
  title: 'what worker 1 sends to the API server is dropped',
  break: async (nodes, { print } = silent) => {
    const { port } = firstWorker(nodes);
    const { address } = nodes.serverNode;
    print(`switch: drop what comes from ${port} for ${address}:${addresses.apiPort}`);
    const rule = `iifname "${port}" ip daddr ${address} tcp dport ${addresses.apiPort} drop`;
    const chain = `chain forward {\ntype filter hook forward priority 0\n${rule}\n}`;
    const input = `table ${table} {\n${chain}\n}\n`;
    await must(inNamespace(namespaces.switch, ['nft', '-f', '-']), { input });
  },
  mend: async (nodes, { print } = silent) => {
    print('switch: drop nothing');
    await must(inNamespace(namespaces.switch, ['nft', 'delete', 'table', ...table.split(' ')]));
    await untilWell(nodes);
  },
};
