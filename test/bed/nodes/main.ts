/** `npm run bed -- <command>`: a bed of real nodes for people. */
import { parseArgs } from 'node:util';
import { runBreak, runMend } from './commands/fault.ts';
import { runDown, runUp } from './commands/life.ts';
import { runShell, runStatus } from './commands/look.ts';
import { faults } from './faults/registry.ts';

interface Command {
  readonly usage: string;
  readonly does: string;
  /** How many words it takes after its name. */
  readonly words: number;
  run(word: string, options: { readonly detach: boolean }): Promise<void>;
}

const commands: Readonly<Record<string, Command>> = {
  up: {
    usage: 'up [--detach]',
    does: 'start three nodes, and keep them until Ctrl-C; detached, until `down`',
    words: 0,
    run: (_, { detach }) => runUp(detach),
  },
  down: { usage: 'down', does: 'take everything away', words: 0, run: runDown },
  status: { usage: 'status', does: 'what runs, and how it is', words: 0, run: runStatus },
  shell: {
    usage: 'shell NODE',
    does: 'a shell in a node; `client` and `pve` are places on the same switch',
    words: 1,
    run: runShell,
  },
  break: { usage: 'break FAULT', does: 'let a fault happen', words: 1, run: runBreak },
  mend: {
    usage: 'mend FAULT',
    does: 'undo it, and wait for three Ready nodes',
    words: 1,
    run: runMend,
  },
};

function usage(): string {
  const width = Math.max(...Object.values(commands).map((command) => command.usage.length));
  const nameWidth = Math.max(...faults.map(({ name }) => name.length));
  return [
    'usage: npm run bed -- COMMAND',
    '',
    ...Object.values(commands).map((each) => `  ${each.usage.padEnd(width)}  ${each.does}`),
    '',
    'Faults:',
    ...faults.map(({ name, title }) => `  ${name.padEnd(nameWidth)}  ${title}`),
  ].join('\n');
}

async function main(): Promise<void> {
  const options = {
    detach: { type: 'boolean', default: false },
    help: { type: 'boolean' },
  } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const [name = '', word = '', ...rest] = positionals;
  const command = commands[name];
  if (values.help || name === '' || name === 'help') {
    console.log(usage());
    return;
  }
  const given = positionals.length - 1;
  if (command === undefined || rest.length > 0 || given !== command.words)
    throw new Error(`not understood: ${positionals.join(' ')}\n\n${usage()}`);
  await command.run(word, values);
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
