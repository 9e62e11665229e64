import type { Host } from '../../../model/objects/host/host.ts';
import { type Answers, contentsOf, needText } from '../answers.ts';
import { parseSnmp } from '../parse/proc-net.ts';
import type { Part } from '../part.ts';

export const snmpRequest = contentsOf(['/proc/net/snmp'], 16 * 1024);

export const tcp: Part<'tcp'> = {
  part: 'tcp',
  requests: () => [snmpRequest],
  read: (answers) => ({ state: 'known', value: tcpOf(answers) }),
};

export function tcpOf(answers: Answers): Extract<Host['tcp'], { state: 'known' }>['value'] {
  const counters = parseSnmp(needText(answers.contents(snmpRequest), '/proc/net/snmp'), 'Tcp');
  const outSegments = counters.get('OutSegs');
  const retransmitted = counters.get('RetransSegs');
  if (outSegments === undefined || retransmitted === undefined) {
    throw new Error('/proc/net/snmp holds no Tcp counters');
  }
  return { outSegments, retransmitted, span: 'boot' };
}
