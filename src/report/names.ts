import { machineOf } from '../model/hosts.ts';
import type { Ref } from '../model/ref.ts';

interface Named {
  readonly kind: string;
  readonly namespace?: string | null | undefined;
  readonly name: string;
}

/** `media/grafana-0`, `k3s3`; a part of a host is `k3s3: eth0`. */
export function objectName(object: Named): string {
  const { namespace, name } = object;
  if (namespace === undefined || namespace === null) return name;
  return machineIn(object) === undefined ? `${namespace}/${name}` : `${namespace}: ${name}`;
}

/** The host that the object is, or is a part of. */
export function machineIn({ kind, namespace, name }: Named): string | undefined {
  const ref: Ref = { kind, namespace: namespace ?? undefined, name };
  return machineOf(ref);
}
