/** Key pairs of the nodes, with the names and the places that k3s gives them. */
import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Bed } from '../build.ts';
import { type CertificateRequest, makeCertificates } from '../certificates.ts';
import type { BedNode } from './layout.ts';

/** Below /var/lib/rancher/k3s. */
const dataDirectory = '/var/lib/rancher/k3s';

const hourMs = 3_600_000;

/** Names that are the same on every node; a pair is made once. */
const common: readonly CertificateRequest[] = [
  { name: 'server-ca', usage: 'ca', commonName: 'k3s-server-ca' },
  { name: 'client-ca', usage: 'ca', commonName: 'k3s-client-ca' },
  { name: 'service', usage: 'client', commonName: 'service-account' },
  client('client-admin', 'system:admin', ['system:masters']),
  client('client-controller', 'system:kube-controller-manager'),
  client('client-scheduler', 'system:kube-scheduler'),
  client('client-kube-apiserver', 'kube-apiserver', ['system:masters']),
  client('client-kube-proxy', 'system:kube-proxy'),
  client('client-k3s-controller', 'system:k3s-controller'),
];

/** In server/tls of the server. */
const onServer = [...common.map(({ name }) => name), 'serving-kube-apiserver'];
/** In agent/ of every node, beside the two pairs of its own; of an authority the certificate only. */
const onAgent = ['client-kube-proxy', 'client-k3s-controller'];

/** Makes every pair in `directory` and puts copies into the nodes' file systems. */
export async function placeCertificates(
  bed: Bed,
  directory: string,
  nodes: readonly BedNode[],
): Promise<void> {
  mkdirSync(directory, { recursive: true });
  const requests = [...common, servingApi(nodes), ...nodes.flatMap(pairsOf)];
  await makeCertificates(bed, directory, requests);
  for (const node of nodes) placeOn(node, directory);
}

/** Replaces the client certificate of a node's kubelet by one that has expired an hour ago. */
export async function expireKubeletCertificate(
  bed: Bed,
  directory: string,
  node: BedNode,
): Promise<void> {
  const expired = {
    ...kubeletClient(node),
    name: `expired-${node.name}`,
    notBefore: new Date(Date.now() - 24 * hourMs),
    notAfter: new Date(Date.now() - hourMs),
  };
  await makeCertificates(bed, directory, [expired]);
  placeKubeletClient(node, directory, expired.name);
}

/** Puts the good one back. */
export function restoreKubeletCertificate(directory: string, node: BedNode): void {
  placeKubeletClient(node, directory, kubeletClient(node).name);
}

function placeOn(node: BedNode, directory: string): void {
  const agent = path.join(node.root, dataDirectory, 'agent');
  mkdirSync(agent, { recursive: true });
  const copy = (from: string, to: string): void => {
    copyFileSync(path.join(directory, from), to);
  };
  for (const name of ['server-ca', 'client-ca']) copy(`${name}.crt`, `${agent}/${name}.crt`);
  for (const extension of ['crt', 'key']) {
    for (const name of onAgent) copy(`${name}.${extension}`, `${agent}/${name}.${extension}`);
    copy(`serving-kubelet-${node.name}.${extension}`, `${agent}/serving-kubelet.${extension}`);
  }
  placeKubeletClient(node, directory, kubeletClient(node).name);
  if (node.role !== 'server') return;
  const tls = path.join(node.root, dataDirectory, 'server/tls');
  mkdirSync(tls, { recursive: true });
  for (const name of onServer) {
    for (const extension of ['crt', 'key'])
      copy(`${name}.${extension}`, `${tls}/${name}.${extension}`);
  }
}

function placeKubeletClient(node: BedNode, directory: string, name: string): void {
  for (const extension of ['crt', 'key']) {
    const to = path.join(node.root, dataDirectory, `agent/client-kubelet.${extension}`);
    copyFileSync(path.join(directory, `${name}.${extension}`), to);
  }
}

function pairsOf(node: BedNode): CertificateRequest[] {
  return [
    kubeletClient(node),
    {
      name: `serving-kubelet-${node.name}`,
      usage: 'server',
      issuer: 'server-ca',
      commonName: node.name,
      dnsNames: [node.name, 'localhost'],
      ipAddresses: [node.address, '127.0.0.1'],
    },
  ];
}

function kubeletClient(node: BedNode): CertificateRequest {
  return client(`client-kubelet-${node.name}`, `system:node:${node.name}`, ['system:nodes']);
}

function servingApi(nodes: readonly BedNode[]): CertificateRequest {
  const server = nodes.filter(({ role }) => role === 'server');
  return {
    name: 'serving-kube-apiserver',
    usage: 'server',
    issuer: 'server-ca',
    commonName: 'k3s',
    dnsNames: [
      ...server.map(({ name }) => name),
      ...['localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc'],
      'kubernetes.default.svc.cluster.local',
    ],
    ipAddresses: [...server.map(({ address }) => address), '127.0.0.1', '10.43.0.1'],
  };
}

function client(
  name: string,
  commonName: string,
  organizations: readonly string[] = [],
): CertificateRequest {
  return { name, usage: 'client', issuer: 'client-ca', commonName, organizations };
}
