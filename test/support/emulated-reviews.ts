import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { collectors } from '../../src/observe/collectors/registry.gen.ts';
import { json, status } from './emulated-answers.ts';
import type { World } from './snapshot.ts';

interface Attributes {
  readonly group?: string;
  readonly resource?: string;
  readonly subresource?: string;
}

/** What the API server says to `kubectl auth can-i` and `kubectl auth whoami`. */
export function reviewOf(
  world: World,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  if (path.endsWith('/selfsubjectreviews')) {
    const userInfo = { username: world.access?.user ?? 'tester', groups: ['system:authenticated'] };
    return json(response, { kind: 'SelfSubjectReview', status: { userInfo } });
  }
  if (!path.endsWith('/selfsubjectaccessreviews')) {
    return status(response, 405, 'MethodNotAllowed', 'this server is read-only');
  }
  void text(request).then((body) => {
    const { spec } = JSON.parse(body) as { spec: { resourceAttributes: Attributes } };
    const allowed = !isDenied(world, spec.resourceAttributes);
    json(response, { kind: 'SelfSubjectAccessReview', spec, status: { allowed } });
  });
}

function isDenied(world: World, { group, resource, subresource }: Attributes): boolean {
  const wanted = subresource ? `${resource}/${subresource}` : resource;
  return collectors.some(
    ({ facet, rights }) =>
      world.deny?.includes(facet) &&
      rights.some((right) => right.group === group && right.resource === wanted),
  );
}
