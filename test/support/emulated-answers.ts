import type { ServerResponse } from 'node:http';
import { pluralOf } from './emulated-lists.ts';

export function json(response: ServerResponse, body: unknown): void {
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify(body));
}

export function status(
  response: ServerResponse,
  code: number,
  reason: string,
  message: string,
): void {
  response.statusCode = code;
  const base = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure' };
  json(response, { ...base, message, reason, code });
}

export interface Asked {
  readonly apiVersion: string;
  readonly kind: string;
  readonly resource?: string;
  readonly namespace?: string | undefined;
}

export function forbidden(response: ServerResponse, verb: string, asked: Asked): void {
  const { apiVersion, kind, namespace, resource = pluralOf(kind) } = asked;
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  const where = namespace ? `in the namespace "${namespace}"` : 'at the cluster scope';
  const what = `cannot ${verb} resource "${resource}" in API group "${group}" ${where}`;
  status(response, 403, 'Forbidden', `${resource} is forbidden: User "tester" ${what}`);
}

/** A path of a group that is not installed is answered by the mux, not by the API. */
export function notServed(response: ServerResponse): void {
  response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' });
  response.end('404 page not found\n');
}
