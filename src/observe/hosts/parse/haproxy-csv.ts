import type { Host } from '../../../model/objects/host/host.ts';

type Server = Extract<Host['haproxy'], { state: 'known' }>['value'][number];

/**
 * `show stat` of HAProxy: a header that begins with `# `, then a line for each frontend, server and
 * backend. Columns are found by name, since every version adds some. Throws where there is no header.
 * https://docs.haproxy.org/3.0/management.html#9.1
 */
export function parseHaproxy(text: string): Server[] {
  const [header, ...lines] = text.split('\n').filter((line) => line.trim() !== '');
  if (!header?.startsWith('# pxname,svname,')) throw new Error('no statistics of HAProxy');
  const names = header.slice(2).trim().split(',');
  return lines.flatMap((line) => {
    const fields = fieldsOf(line);
    const field = (name: string): string | undefined => {
      const at = names.indexOf(name);
      return (at < 0 ? undefined : fields[at]?.trim()) || undefined;
    };
    const [backend, server, status] = [field('pxname'), field('svname'), field('status')];
    if (!backend || !server || !status || server === 'FRONTEND') return [];
    // A socket that listens stands among the servers; its kind tells them apart.
    if (field('type') === '3') return [];
    return [
      {
        backend,
        server,
        status,
        ...optional('checkStatus', field('check_status')?.replace(/^\* /, '')),
        ...optional('checkCode', field('check_code')),
        ...optional('lastCheck', field('last_chk')),
        ...optional('address', field('addr')),
        ...optional('lastChangeSeconds', numberOf(field('lastchg'))),
        ...optional('downs', numberOf(field('chkdown'))),
      },
    ];
  });
}

function optional<K extends string, T>(key: K, value: T | undefined): { [P in K]?: T } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: T });
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** Quoted fields may hold commas; a quote in them is doubled. */
function fieldsOf(line: string): string[] {
  const fields = line.match(/(?<=^|,)(?:"(?:[^"]|"")*"|[^,]*)(?=,|$)/g) ?? [];
  return fields.map((field) =>
    field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field,
  );
}
