/** Pages as checks have them, so that goldens do not change with the catalogue. */
export const samplePages: { readonly [id: string]: string } = {
  'node/not-ready': page(
    'Node not ready',
    [
      '> [status=Unknown] {name} has reported nothing for {forMs}.',
      '> {name} says of itself that it is not ready: {message}',
    ],
    ['kubectl describe node {name}'],
  ),
  'workload/stuck-terminating': page(
    'Pod stuck in Terminating',
    [
      '> [many] {count} pods are stuck in Terminating',
      '> {namespace}/{name} has been terminating for {forMs} on {node}.',
    ],
    ['kubectl -n {namespace} get pod {name} -o wide'],
  ),
  'network/service-without-endpoints': page(
    'Service without endpoints',
    ['> {namespace}/{name} sends its callers nowhere: none of its pods is ready.'],
    ['kubectl -n {namespace} get endpointslices -l kubernetes.io/service-name={name}'],
  ),
  'edge/route-without-backend': page(
    'Route without a backend',
    ['> {hostnames} answers 503: {service} has no endpoints.'],
    [],
  ),
  'storage/attach-stuck': page(
    'Volume stuck on a lost node',
    ['> {volume} is still attached to {node}, so {claim} cannot move.'],
    ['kubectl get volumeattachment {name} -o yaml'],
  ),
  'workload/crash-loop': page(
    'Container keeps crashing',
    ['> {namespace}/{name} has restarted {restarts} times in {windowMs}: {message}'],
    ['kubectl -n {namespace} logs {name} --previous --tail=50'],
  ),
  'node/disk-filling': page(
    'Disk filling up',
    ['> The disk of {name} is {usedPercent} full; {freeBytes} are left.'],
    ["ssh {name} 'df -h /var/lib/rancher; crictl rmi --prune'"],
  ),
  'control-plane/single-server': page(
    'One server only',
    ['> {name} is the only server: without it nothing can be changed.'],
    [],
  ),
  'storage/single-replica': page(
    'Volume with one replica',
    ['> {name} has one replica, on {node}.'],
    [],
  ),
  'workload/one-replica': page(
    'Deployment with one replica',
    ['> {namespace}/{name} runs once only.'],
    [],
  ),
};

function page(title: string, headlines: readonly string[], commands: readonly string[]): string {
  const shell = commands.length > 0 ? `\`\`\`sh\n${commands.join('\n')}\n\`\`\`\n` : '';
  return `# ${title}\n\n${headlines.join('\n')}\n\n## What you see\n\nSee above.\n\n## Do it yourself\n\n${shell}\n## When to ignore\n\nNever.\n`;
}
