import { withoutTokens } from '../../../lib/redact.ts';
import { type Answers, contentsOf, outputOr, run } from '../answers.ts';
import { configStats, type K3sSettings, k3sSettings, settingsRequests } from '../k3s-settings.ts';
import { kubeletArgv, kubeletArgvRequests, processRequests } from '../kubelet-process.ts';
import { parseKubeletConfig } from '../parse/kubelet-config.ts';
import type { Part } from '../part.ts';
import { noteOf, noteRequest } from '../server-note.ts';
import { timeRequests, timesOf } from '../times.ts';

const version = run(['k3s', '--version'], { timeoutMs: 4000, maxBytes: 4096 });

/** What k3s writes for its kubelet to read, in the order of their names. */
function kubeletFiles(dataDir: string): ReturnType<typeof contentsOf> {
  return contentsOf([`${dataDir}/agent/etc/kubelet.conf.d/*.conf`], 32 * 1024);
}

export const k3s: Part<'k3s'> = {
  part: 'k3s',
  requests: () => [...timeRequests, ...settingsRequests, ...processRequests, configStats, version],
  more: (answers) => {
    const settings = k3sSettings(answers);
    const { dataDir } = settings;
    return [kubeletFiles(dataDir), noteRequest(settings), ...kubeletArgvRequests(answers)];
  },
  read: (answers, context) => {
    const settings = k3sSettings(answers);
    const said = outputOr(answers.ran(version));
    if (!settings.installed && said === undefined) return { state: 'absent' };
    const { role, dataDir, last } = settings;
    const kubeletArgs = argsOf(answers, settings);
    return {
      state: 'known',
      value: {
        ...(role ? { role } : {}),
        version: /^k3s version (\S+)/m.exec(said ?? '')?.[1],
        config: configOf(answers, settings, timesOf(answers, context).fromHost),
        nodeName: last('node-name'),
        nodeIp: settings.all('node-ip').join(',') || undefined,
        serverUrl: withoutUser(last('server') ?? noteOf(answers, settings).url),
        dataDir,
        kubeletArgs: kubeletArgs.map(withoutValue),
        featureGates: gatesOf(answers, dataDir, kubeletArgs),
        flannelInterface: last('flannel-iface'),
      },
    };
  },
};

/** `redact` takes odd names out of paths, and where the kubelet keeps its files is looked for. */
function withoutValue(arg: string): string {
  const [, name] = /^([\w-]*(?:token|pass|secret|credential)[\w-]*)=/i.exec(arg) ?? [];
  return withoutTokens(name === undefined ? arg : `${name}=[redacted]`);
}

/** `https://user:password@host` → `https://host` */
function withoutUser(url: string | undefined): string | undefined {
  return url?.replace(/^(\w+:\/\/)[^/]*@/, '$1');
}

function configOf(
  answers: Answers,
  { files }: K3sSettings,
  fromHost: (at: number) => number,
): { path: string; problem?: string; modifiedAt?: number }[] {
  const stats = new Map(answers.stats(configStats).map((each) => [each.path, each.modifiedAt]));
  return files.map(({ path, problem }) => {
    const at = stats.get(path);
    return {
      path,
      ...(problem === undefined ? {} : { problem }),
      ...(at === undefined ? {} : { modifiedAt: fromHost(at) }),
    };
  });
}

/** What k3s wrote for its kubelet to read, `kubelet-arg` of files and command line, then what the kubelet that runs was given beyond that. */
function argsOf(answers: Answers, settings: K3sSettings): string[] {
  const told = settings.all('kubelet-arg').map((arg) => arg.replace(/^--/, ''));
  const files = answers.contents(kubeletFiles(settings.dataDir)).files;
  const failsOnV1 = files.flatMap(({ text }) => parseKubeletConfig(text).failCgroupV1 ?? []).at(-1);
  const configured = failsOnV1 === undefined ? [] : [`fail-cgroupv1=${failsOnV1}`];
  return [...new Set([...configured, ...told, ...kubeletArgv(answers)])];
}

/** Files first, in order, since flags win over them; `feature-gates=A=true,B=false`. */
function gatesOf(
  answers: Answers,
  dataDir: string,
  kubeletArgs: readonly string[],
): Record<string, string> {
  const gates: Record<string, string> = {};
  for (const { text } of answers.contents(kubeletFiles(dataDir)).files) {
    for (const [name, value] of Object.entries(parseKubeletConfig(text).featureGates ?? {})) {
      gates[name] = String(value);
    }
  }
  for (const arg of kubeletArgs) {
    for (const pair of /^feature-gates=(.*)$/.exec(arg)?.[1]?.split(',') ?? []) {
      const [name, value] = pair.split('=');
      if (name && value) gates[name.trim()] = value.trim();
    }
  }
  return gates;
}
