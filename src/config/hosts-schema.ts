import * as z from 'zod';
import { addressPattern, sshPlace, userPattern } from './ssh-place.ts';

const hostName = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'not a name such as k3s1: a-z, 0-9 and dashes');
const anyText = z.string().min(1);
const absolute = z.string().regex(/^\/[^\n\0]*$/, 'not an absolute path');

const port = z.int().min(1).max(65_535);

const ssh = z.union(
  [
    z
      .string()
      .refine((text) => sshPlace(text) !== undefined, 'not user@address or user@address:port'),
    z.strictObject({
      address: z.string().regex(addressPattern, 'not an address').describe('name or IP address'),
      port: port.optional().describe('22, or what ~/.ssh/config says'),
      user: z
        .string()
        .regex(userPattern, 'not a user')
        .optional()
        .describe('the one who runs evenkeel, or what ~/.ssh/config says'),
      identityFile: anyText
        .optional()
        .describe('private key; also the SSH agent and the usual keys'),
      jump: hostName.optional().describe('another host of this file, to connect through'),
      sudo: z.boolean().optional().describe('become root with `sudo -n`; true'),
      client: z
        .enum(['builtin', 'system'])
        .optional()
        .describe("the built-in client, or the machine's ssh; chosen by what ~/.ssh/config needs"),
    }),
  ],
  'neither user@address:port nor a mapping with an address',
);

const pct = z.strictObject({
  host: hostName.describe('the Proxmox host, by its name in this file'),
  id: z.int().min(100).max(999_999_999).describe('number of the container'),
});

const lxc = z.strictObject({
  name: z
    .string()
    .regex(/^\w[\w.-]*$/, 'not the name of a container')
    .describe('of the container'),
  path: absolute.optional().describe('where the containers lie; what LXC takes by default'),
  host: hostName.optional().describe('another host of this file; this machine when absent'),
});

const local = z.union(
  [
    z.literal(true),
    z.strictObject({ sudo: z.boolean().describe('become root with `sudo -n`; true') }),
  ],
  'neither true nor {sudo: false}',
);

const noUrl = 'not an http:// or https:// address without a password';
const isUrl = (text: string): boolean =>
  /^https?:\/\/[\w.:[\]-]+(\/[\w.,;:/?=&%+-]*)?$/.test(text) && URL.canParse(text);

const haproxy = z
  .strictObject({
    socket: z
      .string()
      .regex(/^\/[\w./-]+$/, 'not an absolute path')
      .optional()
      .describe('its admin socket'),
    url: z.string().refine(isUrl, noUrl).optional().describe('its statistics as CSV'),
  })
  .refine(({ socket, url }) => (socket === undefined) !== (url === undefined), {
    error: 'takes either socket or url',
  });

const host = z.strictObject({
  node: anyText.optional().describe("name of the Kubernetes node; the host's own, if there is one"),
  ssh: ssh.optional().describe('the way over ssh: user@address:port, or a mapping'),
  pct: pct.optional().describe('the way through its Proxmox host'),
  lxc: lxc.optional().describe('the way into a plain LXC container'),
  local: local.optional().describe('it is the machine that evenkeel runs on'),
  hypervisor: hostName.optional().describe('the host that it is a guest of; that of pct or lxc'),
  switch: anyText.optional().describe('the network switch, where several hosts share one'),
  optional: z.boolean().optional().describe('it may be off'),
  uplink: z
    .string()
    .regex(/^[^\s/:]{1,15}$/, 'not the name of a network interface')
    .optional()
    .describe('its network interface; what the baseline has when absent'),
  haproxy: haproxy.optional().describe('the statistics of HAProxy on it, asked for on that host'),
});

/** The section `hosts`: by name, how each is reached and what is known of it. */
export const hostsSchema = z.record(hostName, host);

export type HostsSection = z.infer<typeof hostsSchema>;
