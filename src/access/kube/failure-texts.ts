export type KubeFailureKind =
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'gone'
  | 'throttled'
  | 'server-error'
  | 'timed-out'
  | 'refused'
  | 'unreachable'
  | 'reset'
  | 'unknown-host'
  | 'certificate-expired'
  | 'certificate-untrusted'
  | 'client-certificate'
  | 'malformed'
  | 'cancelled';

export interface FailureText {
  what: string;
  why: string;
  next: string;
}

/**
 * What a person reads for each kind of failure.
 * Placeholders: {server}, {authority}, {host}, {port}, {path}, {status}.
 */
export const failureTexts: Record<KubeFailureKind, FailureText> = {
  unauthorized: {
    what: '{server} does not know who we are{status}',
    why: 'The token or client certificate is missing, has expired, or belongs to another cluster.',
    next: "See who you are there with 'kubectl auth whoami'; on a k3s server, 'sudo k3s kubectl config view --raw' gives fresh credentials.",
  },
  forbidden: {
    what: '{server} does not let us read {path}{status}',
    why: 'No role bound to this user or service account allows it.',
    next: "List what is allowed with 'kubectl auth can-i --list', then bind the missing rule.",
  },
  'not-found': {
    what: '{server} has no {path}{status}',
    why: 'The object is gone, or the API that defines it is not installed.',
    next: "List the installed APIs with 'kubectl api-resources'.",
  },
  gone: {
    what: 'The list {path} grew too old while it was being read{status}',
    why: 'The datastore compacted the revision that the list started from.',
    next: 'Run it again; if it happens again, the API server is too slow to be read in five minutes.',
  },
  throttled: {
    what: '{server} asks us to slow down{status}',
    why: 'The API server is overloaded, or its priority and fairness rules give us too small a share.',
    next: "See who takes the share with 'kubectl get --raw /debug/api_priority_and_fairness/dump_priority_levels'.",
  },
  'server-error': {
    what: '{server} failed to answer {path}{status}',
    why: 'The API server, its datastore, or a server behind it is in trouble.',
    next: "See which part with 'kubectl get --raw /readyz?verbose', and its log with 'sudo journalctl -u k3s -n 100' on the server.",
  },
  'timed-out': {
    what: '{server} did not answer {path} in time',
    why: 'The server hangs, is overloaded, or packets to it are dropped on the way.',
    next: "See whether it answers at all with 'curl -km 10 {server}/livez'.",
  },
  refused: {
    what: '{server} refuses connections',
    why: 'The machine is up and nothing listens on port {port}: the API server is down, or the port is wrong.',
    next: "On the server: 'systemctl status k3s' and 'ss -ltn sport = :{port}'.",
  },
  unreachable: {
    what: '{server} cannot be reached',
    why: 'There is no route to it, its machine is off the network, or a firewall rejects us.',
    next: "See which way packets take with 'ip route get {host}', then 'ping -c 3 {host}'.",
  },
  reset: {
    what: '{server} dropped the connection while answering {path}',
    why: 'The API server or a load balancer before it restarted, or cut us off.',
    next: "Run it again; if it happens again, read 'sudo journalctl -u k3s -n 100' on the server and the load balancer's log.",
  },
  'unknown-host': {
    what: 'The name of {server} does not resolve',
    why: 'The name is misspelt, or the name server is wrong or does not answer.',
    next: "See what this machine resolves with 'getent hosts {host}'.",
  },
  'certificate-expired': {
    what: "{server}'s certificate is not valid at this hour",
    why: "It has expired, is not valid yet, or this machine's clock is wrong.",
    next: "Read its dates with 'openssl s_client -connect {authority} </dev/null 2>/dev/null | openssl x509 -noout -dates' and ours with 'date -u'; k3s renews its certificates when restarted: 'sudo systemctl restart k3s'.",
  },
  'certificate-untrusted': {
    what: "{server}'s certificate does not prove that it is the server",
    why: 'The kubeconfig holds the certificate authority of another cluster, the certificate lacks this name or address, or something sits between us and the server.',
    next: "See who signed it and for which names with 'openssl s_client -connect {authority} </dev/null 2>/dev/null | openssl x509 -noout -issuer -ext subjectAltName'; a missing name is added with 'tls-san' in k3s's config.yaml.",
  },
  'client-certificate': {
    what: '{server} does not accept our client certificate',
    why: 'It has expired, or was signed by the authority of another cluster.',
    next: "Read its dates with 'kubectl config view --raw --minify -o jsonpath={.users[0].user.client-certificate-data} | base64 -d | openssl x509 -noout -issuer -dates'.",
  },
  malformed: {
    what: 'What {server} answered for {path} cannot be used{status}',
    why: 'A proxy or another service answers in its place, the answer was cut or too large, or this server does not know the question.',
    next: "See what answers with 'curl -k {server}/version'.",
  },
  cancelled: {
    what: 'Reading {path} was stopped',
    why: 'The run was interrupted, or no longer needs it.',
    next: 'Run it again when you want the answer.',
  },
};
