import { X509Certificate } from 'node:crypto';
import type { FileContents } from '../../../access/host/port.ts';
import { byText } from '../../../lib/order.ts';
import type { Host } from '../../../model/objects/host/host.ts';
import { type Answers, contentsOf, statsOf, Unseen } from '../answers.ts';
import { k3sSettings, settingsRequests } from '../k3s-settings.ts';
import type { Part } from '../part.ts';

type Certificate = Extract<Host['certificates'], { state: 'known' }>['value'][number];

/** Names that end in `.crt` only: keys lie beside them, and are not asked for. */
function certificateFiles(answers: Answers): ReturnType<typeof contentsOf> {
  const { dataDir } = k3sSettings(answers);
  return contentsOf(
    [`${dataDir}/agent/*.crt`, `${dataDir}/server/tls/*.crt`, `${dataDir}/server/tls/*/*.crt`],
    32 * 1024,
  );
}

function dataDirStat(answers: Answers): ReturnType<typeof statsOf> {
  return statsOf(k3sSettings(answers).dataDir);
}

export const certificates: Part<'certificates'> = {
  part: 'certificates',
  requests: () => settingsRequests,
  more: (answers) => [certificateFiles(answers), dataDirStat(answers)],
  read: (answers, { root }) => {
    const { files, denied } = answers.contents(certificateFiles(answers));
    const { dataDir, installed } = k3sSettings(answers);
    const [refused] = denied;
    if (refused) throw new Unseen('forbidden', `${refused.path}: ${refused.problem}`);
    if (files.length === 0) {
      const isThere = answers.stats(dataDirStat(answers)).length > 0;
      if (!isThere && !installed) return { state: 'absent' };
      if (isThere && !root) throw new Unseen('forbidden', `only root sees below ${dataDir}`);
    }
    const value = files.flatMap(certificateOf).toSorted((a, b) => byText(a.path, b.path));
    return { state: 'known', value };
  },
};

/** The first of a file is what is shown to others; behind it stands who signed it. */
function certificateOf({ path, text }: FileContents): Certificate[] {
  const [pem] =
    /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/.exec(text) ?? [];
  if (pem === undefined) return [];
  try {
    const { subject, validFromDate, validToDate } = new X509Certificate(pem);
    return [
      {
        path,
        subject: (subject ?? '').split('\n').join(', '),
        notBefore: validFromDate.getTime(),
        notAfter: validToDate.getTime(),
      },
    ];
  } catch {
    return [];
  }
}
