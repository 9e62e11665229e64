/**
 * A `pct` for the containers of the bed: the few commands that a client uses, with the output, the
 * messages and the exit codes of Proxmox's own (pve-container, PVE::CLI::pct).
 */
import path from 'node:path';
import type { BedNode } from './layout.ts';

export interface PctSettings {
  readonly hostName: string;
  readonly nodes: readonly BedNode[];
  readonly lxcPath: string;
  /** A file that is the machine's network namespace. */
  readonly network: string;
}

/** The program as a shell script. */
export function pctScript({ hostName, nodes, lxcPath, network }: PctSettings): string {
  const cases = (of: (node: BedNode) => string): string =>
    nodes.map((node) => `    ${node.vmid}) echo ${quote(of(node))} ;;`).join('\n');
  return `#!/bin/bash
# Not Proxmox's: a stand-in for tests, for the containers of one test bed.
lxc() { command=$1; shift; nsenter --net=${quote(network)} -- "/usr/bin/lxc-$command" -P ${quote(lxcPath)} "$@"; }
name_of() {
  case $1 in
${cases(({ lxcName }) => lxcName)}
  esac
}
host_of() {
  case $1 in
${cases(({ name }) => name)}
  esac
}
config_of() {
  case $1 in
${cases(configOf)}
  esac
}
vmids='${nodes.map(({ vmid }) => vmid).join(' ')}'
host=${quote(hostName)}
rootfs=${quote(path.join(lxcPath, 'NAME', 'rootfs'))}
${body}`;
}

/** LXC knows a Proxmox container by its number: `lxc-info -n 101 -s`. */
export function lxcInfoScript({ nodes, lxcPath, network }: PctSettings): string {
  const cases = nodes.map(({ vmid, lxcName }) => `    ${vmid}) words+=(${quote(lxcName)}) ;;`);
  return `#!/bin/bash
# A stand-in for tests: the containers of one test bed, by the numbers that pct has for them.
words=()
for word in "$@"; do
  case $word in
${cases.join('\n')}
    *) words+=("$word") ;;
  esac
done
exec nsenter --net=${quote(network)} -- /usr/bin/lxc-info -P ${quote(lxcPath)} "\${words[@]}"
`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Proxmox sorts by key, and puts the raw lines last. */
function configOf(node: BedNode): string {
  return [
    'arch: amd64',
    `hostname: ${node.name}`,
    'memory: 4096',
    `net0: name=eth0,bridge=vmbr0,hwaddr=${node.mac.toUpperCase()},ip=${node.address}/24,type=veth`,
    'ostype: debian',
    `rootfs: local:${node.vmid}/vm-${node.vmid}-disk-0.raw,size=2G`,
    'swap: 0',
    'lxc.apparmor.profile: unconfined',
    'lxc.cap.drop: sys_time',
    'lxc.mount.auto: proc:rw sys:rw cgroup:rw:force',
  ].join('\n');
}

const body = `
declare -A usage=(
  [list]='pct list'
  [status]='pct status <vmid> [OPTIONS]'
  [config]='pct config <vmid> [OPTIONS]'
  [exec]='pct exec <vmid> [<extra-args>] [OPTIONS]'
)
die() { echo "$1" >&2; exit 255; }
misuse() { echo "400 $1" >&2; die "\${usage[$command]}"; }

status_of() {
  case $(lxc info -n "$(name_of "$1")" -sH 2>/dev/null) in
    RUNNING | FROZEN | FREEZING | THAWED) echo running ;;
    *) echo stopped ;;
  esac
}

need_config() {
  [[ $vmid =~ ^[0-9]+$ ]] || {
    printf "400 Parameter verification failed.\\nvmid: type check ('integer') failed - got '%s'\\n" "$vmid" >&2
    die "\${usage[$command]}"
  }
  [ -n "$(name_of "$vmid")" ] && return
  echo "Configuration file 'nodes/$host/lxc/$vmid.conf' does not exist" >&2
  exit 2
}

command=$1
[ $# -gt 0 ] || die 'ERROR: no command specified
USAGE: pct <COMMAND> [ARGS] [OPTIONS]'
[ -n "\${usage[$command]}" ] || die "ERROR: unknown command 'pct $command'
USAGE: pct <COMMAND> [ARGS] [OPTIONS]"
shift

# Options may stand anywhere before "--"; what follows it is left as it is.
words=() verbose='' environment=--keep-env separated=''
while [ $# -gt 0 ]; do
  case $1 in
    --) separated=1; shift; break ;;
    -verbose | --verbose | --verbose=1) verbose=1 ;;
    -keep-env | --keep-env) case $2 in 0 | 1) [ "$2" = 1 ] || environment=--clear-env; shift ;; esac ;;
    --keep-env=0) environment=--clear-env ;;
    --keep-env=1) ;;
    -?*)
      option=\${1#-}; option=\${option#-}
      echo "Unknown option: \${option%%=*}" >&2
      misuse 'unable to parse option' ;;
    *) words+=("$1") ;;
  esac
  shift
done
words+=("$@")
vmid=\${words[0]}
if [ "$command" != list ] && [ -z "$vmid" ]; then misuse 'not enough arguments'; fi

case $command in
  list)
    printf '%-10s %-10s %-12s %-20s\\n' VMID Status Lock Name
    for vmid in $vmids; do
      printf '%-10s %-10s %-12s %-20s\\n' "$vmid" "$(status_of "$vmid")" '' "$(host_of "$vmid")"
    done ;;
  status)
    [ \${#words[@]} -eq 1 ] || misuse 'too many arguments'
    need_config
    status=$(status_of "$vmid")
    if [ -z "$verbose" ]; then echo "status: $status"; exit 0; fi
    name=$(name_of "$vmid")
    pid=$(lxc info -n "$name" -pH 2>/dev/null)
    uptime=0
    [ "$status" = running ] && uptime=$(ps -o etimes= -p "$pid" | tr -d ' ')
    read -r size used < <(df -B1 --output=size,used "\${rootfs/NAME/$name}" | tail -n 1)
    printf 'cpus: %s\\ndisk: %s\\nmaxdisk: %s\\nmaxmem: 4294967296\\nmaxswap: 0\\nname: %s\\n' "$(nproc)" "$used" "$size" "$(host_of "$vmid")"
    [ "$status" = running ] && echo "pid: $pid"
    printf 'status: %s\\ntype: lxc\\nuptime: %s\\nvmid: %s\\n' "$status" "$uptime" "$vmid" ;;
  config)
    [ \${#words[@]} -eq 1 ] || misuse 'too many arguments'
    need_config
    config_of "$vmid" ;;
  exec)
    need_config
    [ "$(status_of "$vmid")" = running ] || die "container '$vmid' not running!"
    [ \${#words[@]} -gt 1 ] || die 'missing command at /usr/share/perl5/PVE/CLI/pct.pm'
    lxc attach -n "$(name_of "$vmid")" "$environment" -- "\${words[@]:1}"
    exit $? ;;
esac
`;
