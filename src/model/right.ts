/** One right that a collector uses, in the words of RBAC. `resource` may name a subresource. */
export interface Right {
  readonly group: string;
  readonly resource: string;
  readonly verb: 'get' | 'list';
  /** Whether its objects lie in namespaces. */
  readonly namespaced: boolean;
}
