/**
 * Names one object. `kind` is group-qualified for everything outside the core group
 * (`Pod`, `Deployment.apps`, `VolumeAttachment.storage.k8s.io`), since longhorn.io has a Node too.
 */
export interface Ref {
  readonly kind: string;
  readonly namespace?: string | undefined;
  readonly name: string;
}

/** The object's identity as one string, without its uid: a recreated object keeps its history. */
export function refKey(ref: Ref): string {
  return ref.namespace === undefined
    ? `${ref.kind}/${ref.name}`
    : `${ref.kind}/${ref.namespace}/${ref.name}`;
}

/** Projected objects carry their kind; this names one. */
export function refOf(object: {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string | null | undefined };
}): Ref {
  const { name, namespace } = object.metadata;
  return namespace ? { kind: object.kind, namespace, name } : { kind: object.kind, name };
}
