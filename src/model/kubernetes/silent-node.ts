import type { Unseen } from '../check.ts';

/** What may lie below a node that has fallen silent, and what shows it once its host is looked at. */
export const belowSilentNode: Unseen = {
  candidates: [
    {
      name: 'kubelet',
      tie: 'host-node',
      shownBy: ['host/unit-failed', 'host/unit-stopped'],
      decide: "ssh {name} 'systemctl status k3s k3s-agent; journalctl -u k3s -u k3s-agent -n 50'",
    },
    {
      name: 'host',
      tie: 'host-node',
      shownBy: ['host/host-unreachable', 'host/container-stopped', 'host/container-frozen'],
      decide: 'ping -c 3 {name}',
    },
    {
      name: 'link',
      tie: 'link-node',
      shownBy: ['link/link-down', 'link/interface-renamed', 'link/usb-nic-disconnected'],
      decide: "ssh {name} 'ip -br link; ip -br addr; ip route'",
    },
  ],
  decide: "ssh {name} 'systemctl status k3s k3s-agent; ip -br addr'",
  shared: [
    { what: 'a switch', as: 'switch' },
    { what: 'a hypervisor', as: 'hypervisor', decide: 'ping -c 3 {name}' },
    { what: 'a power supply' },
  ],
  beyond: {
    candidates: [
      {
        name: 'the way from its kubelet to the API server',
        tie: 'host-node',
        shownBy: ['host/api-path-cut'],
      },
      'a kubelet that runs and hangs',
    ],
    decide: "ssh {name} 'journalctl -u k3s -u k3s-agent -n 50; ss -tn state established'",
    shared: "the API server's address, its certificate or its clock",
  },
};
