import { expect, it } from 'vitest';
import { parseHaproxy } from './haproxy-csv.ts';

const header =
  '# pxname,svname,scur,status,weight,chkfail,chkdown,lastchg,type,check_status,check_code,check_duration,last_chk,addr,mode,';

it('reads servers and backends, by the names of columns', () => {
  const text = `${header}
web,FRONTEND,1,OPEN,,,,,0,,,,,,http,
nodes,k3s1,0,UP,1,3,2,77,2,L4OK,,0,,192.0.2.11:30080,http,
nodes,k3s2,0,DOWN,1,3,1,12,2,* L4CON,,1,"Connection refused, or ""reset""",192.0.2.12:30080,http,
nodes,BACKEND,0,UP,2,,1,77,1,,,,,,http,
`;
  expect(parseHaproxy(text)).toEqual([
    {
      backend: 'nodes',
      server: 'k3s1',
      status: 'UP',
      checkStatus: 'L4OK',
      address: '192.0.2.11:30080',
      lastChangeSeconds: 77,
      downs: 2,
    },
    {
      backend: 'nodes',
      server: 'k3s2',
      status: 'DOWN',
      checkStatus: 'L4CON',
      lastCheck: 'Connection refused, or "reset"',
      address: '192.0.2.12:30080',
      lastChangeSeconds: 12,
      downs: 1,
    },
    { backend: 'nodes', server: 'BACKEND', status: 'UP', lastChangeSeconds: 77, downs: 1 },
  ]);
});

it('takes nothing else for statistics', () => {
  expect(() => parseHaproxy('<html>login</html>')).toThrow('no statistics');
  expect(() => parseHaproxy('')).toThrow('no statistics');
});
