/**
 * Kernel logs of machines in good health, written for tests after the messages that drivers print;
 * no machine's own.
 */

/** Two USB sticks, a keyboard, a PCI and a USB adapter, docker, a bridge, file systems. */
export const bootLog: readonly string[] = `
Linux version 6.8.12-11-pve (build@example.test) (gcc (Debian 12.2.0-14) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40) #1 SMP PREEMPT_DYNAMIC
Command line: BOOT_IMAGE=/boot/vmlinuz-6.8.12-11-pve root=/dev/mapper/vg-root ro quiet errors=remount-ro
x86/fpu: Supporting XSAVE feature 0x001: 'x87 floating point registers'
BIOS-e820: [mem 0x0000000000000000-0x000000000009ffff] usable
NMI watchdog: Enabled. Permanently consumes one hw-PMU counter.
watchdog: Delayed init of the lockup detector failed: -19
pci 0000:00:14.0: [8086:a0ed] type 00 class 0x0c0330
pci 0000:00:14.0: PME# supported from D3hot D3cold
pcieport 0000:00:1c.0: PME: Signaling with IRQ 122
ACPI: bus type USB registered
usbcore: registered new interface driver usbfs
usbcore: registered new interface driver hub
usbcore: registered new device driver usb
xhci_hcd 0000:00:14.0: xHCI Host Controller
xhci_hcd 0000:00:14.0: new USB bus registered, assigned bus number 1
xhci_hcd 0000:00:14.0: hcc params 0x20007fc1 hci version 0x120 quirks 0x0000000200009810
usb usb1: New USB device found, idVendor=1d6b, idProduct=0002, bcdDevice= 6.08
usb usb1: New USB device strings: Mfr=3, Product=2, SerialNumber=1
usb usb1: Product: xHCI Host Controller
hub 1-0:1.0: USB hub found
hub 1-0:1.0: 12 ports detected
usb usb2: New USB device found, idVendor=1d6b, idProduct=0003, bcdDevice= 6.08
hub 2-0:1.0: USB hub found
usb: port power management may be unreliable
usb 1-3: new low-speed USB device number 2 using xhci_hcd
usb 1-3: New USB device found, idVendor=046d, idProduct=c31c, bcdDevice=64.00
usb 1-3: Product: USB Keyboard
input: Logitech USB Keyboard as /devices/pci0000:00/0000:00:14.0/usb1/1-3/1-3:1.0/0003:046D:C31C.0001/input/input3
hid-generic 0003:046D:C31C.0001: input,hidraw0: USB HID v1.10 Keyboard [Logitech USB Keyboard] on usb-0000:00:14.0-3/input0
usb 1-4: new high-speed USB device number 3 using xhci_hcd
usb 1-4: New USB device found, idVendor=0781, idProduct=5567, bcdDevice= 1.00
usb-storage 1-4:1.0: USB Mass Storage device detected
scsi host4: usb-storage 1-4:1.0
scsi 4:0:0:0: Direct-Access     SanDisk  Cruzer Blade     1.00 PQ: 0 ANSI: 6
sd 4:0:0:0: [sdb] 30031872 512-byte logical blocks: (15.4 GB/14.3 GiB)
sd 4:0:0:0: [sdb] Write Protect is off
sd 4:0:0:0: [sdb] No Caching mode page found
sd 4:0:0:0: [sdb] Assuming drive cache: write through
sd 4:0:0:0: [sdb] Attached SCSI removable disk
usb 2-1: new SuperSpeed USB device number 2 using xhci_hcd
usb 2-1: New USB device found, idVendor=0bda, idProduct=8156, bcdDevice=31.00
usb 2-1: Product: USB 10/100/1G/2.5G LAN
usb 2-1: Manufacturer: Realtek
usbcore: registered new device driver r8152-cfgselector
r8152-cfgselector 2-1: USB device found
usbcore: registered new interface driver r8152
r8152 2-1:1.0 (unnamed net_device) (uninitialized): Using pass-thru MAC addr 02:00:00:00:00:11
r8152 2-1:1.0: load rtl8156b-2 v3 10/20/23 successfully
r8152 2-1:1.0 eth0: v1.12.13
r8152 2-1:1.0 enx020000000011: renamed from eth0
r8152 2-1:1.0 enx020000000011: carrier on
r8169 0000:02:00.0 eth0: RTL8168h/8111h, 02:00:00:00:00:12, XID 541, IRQ 132
r8169 0000:02:00.0 eth0: jumbo frames [bytes: 9194 bytes, tx checksumming: ko]
r8169 0000:02:00.0 enp2s0: renamed from eth0
r8169 0000:02:00.0 enp2s0: Link is Down
Generic FE-GE Realtek PHY r8169-0-200:00: attached PHY driver (mii_bus:phy_addr=r8169-0-200:00, irq=MAC)
r8169 0000:02:00.0 enp2s0: Link is Up - 1Gbps/Full - flow control rx/tx
cdc_ncm 2-2:2.0 enx020000000013: 1000 mbit/s downlink 1000 mbit/s uplink
cdc_ncm 2-2:2.0 enx020000000013: network connection: connected
IPv6: ADDRCONF(NETDEV_CHANGE): enp2s0: link becomes ready
e1000e: Intel(R) PRO/1000 Network Driver
e1000e: Copyright(c) 1999 - 2015 Intel Corporation.
ata1: SATA link up 6.0 Gbps (SStatus 133 SControl 300)
ata2: SATA link down (SStatus 4 SControl 300)
ata1.00: configured for UDMA/133
nvme nvme0: pci function 0000:01:00.0
nvme nvme0: 8/0/0 default/read/poll queues
device-mapper: uevent: version 1.0.3
device-mapper: thin: Data device (dm-3) discard unsupported: Disabling discard passdown.
EXT4-fs (dm-0): mounted filesystem 7d1522e1-9dfa-5edb-a43e-98e3a4d20250 ro with ordered data mode. Quota mode: none.
EXT4-fs (dm-0): re-mounted 7d1522e1-9dfa-5edb-a43e-98e3a4d20250 r/w. Quota mode: none.
EXT4-fs (dm-6): warning: mounting fs with errors=remount-ro
XFS (sdc1): Mounting V5 Filesystem 2b2f6a4e-7f6d-4a52-8e1e-1f3b6a0f6d7c
XFS (sdc1): Ending clean mount
systemd[1]: Inserted module 'autofs4'
systemd[1]: Starting systemd-remount-fs.service - Remount Root and Kernel File Systems...
systemd[1]: Mounting sys-kernel-debug.mount - Kernel Debug File System...
systemd-journald[412]: Received client request to flush runtime journal.
nf_conntrack: default automatic helper assignment has been turned off for security reasons
bridge: filtering via arp/ip/ip6tables is no longer available by default. Update your scripts to load br_netfilter if you need this.
br_netfilter: loading out-of-tree module taints kernel.
vmbr0: port 1(enp2s0) entered blocking state
vmbr0: port 1(enp2s0) entered disabled state
r8169 0000:02:00.0 enp2s0: entered allmulticast mode
r8169 0000:02:00.0 enp2s0: entered promiscuous mode
vmbr0: port 1(enp2s0) entered forwarding state
docker0: port 1(veth7c1e2a4) entered blocking state
docker0: port 1(veth7c1e2a4) entered disabled state
eth0: renamed from veth9a0b1c2
IPv6: ADDRCONF(NETDEV_CHANGE): veth7c1e2a4: link becomes ready
docker0: port 1(veth7c1e2a4) entered forwarding state
IPv6: ADDRCONF(NETDEV_CHANGE): docker0: link becomes ready
audit: type=1400 audit(1772366400.000:64): apparmor="STATUS" operation="profile_load" profile="unconfined" name="lxc-101_</var/lib/lxc>" pid=2101 comm="apparmor_parser"
loop0: detected capacity change from 0 to 8388608
kauditd_printk_skb: 41 callbacks suppressed
process 'local/bin/k3s' started with executable stack
overlayfs: idmapped layers are currently not supported
IPVS: Registered protocols (TCP, UDP, SCTP, AH, ESP)
wireguard: WireGuard 1.0.0 loaded. See www.wireguard.com for information.
`
  .trim()
  .split('\n');

/** One pod comes and goes, under Cilium, Docker, Calico, flannel's bridge and LXC by turns. */
export function podStart(n: number): readonly string[] {
  const id = (n * 2_654_435_761 + 0xabcde).toString(16).slice(-8);
  const tmp = `tmp${id.slice(0, 5)}`;
  const veth = `veth${id.slice(0, 7)}`;
  return [
    `eth0: renamed from ${tmp}`,
    `eth0: renamed from ${tmp} (while UP)`,
    `lxc${id}: Caught tx_queue_len zero misconfig`,
    `IPv6: ADDRCONF(NETDEV_CHANGE): lxc${id}: link becomes ready`,
    `IPv6: ADDRCONF(NETDEV_CHANGE): eth0: link becomes ready`,
    `IPv6: ADDRCONF(NETDEV_UP): eth0: link is not ready`,
    `IPv6: ADDRCONF(NETDEV_CHANGE): cali${id}: link becomes ready`,
    `cni0: port ${n}(${veth}) entered blocking state`,
    `cni0: port ${n}(${veth}) entered disabled state`,
    `device ${veth} entered promiscuous mode`,
    `${veth}: entered allmulticast mode`,
    `${veth}: entered promiscuous mode`,
    `cni0: port ${n}(${veth}) entered forwarding state`,
    `IPv6: ADDRCONF(NETDEV_CHANGE): ${veth}: link becomes ready`,
    `eth0: renamed from ${veth}`,
    `br0: port 3(${veth}) entered disabled state`,
    `${veth}: renamed from eth0`,
    `${veth} (unregistering): left allmulticast mode`,
    `device ${veth} left promiscuous mode`,
    `eth0: renamed from phys${id.slice(0, 6)}`,
    `overlayfs: upperdir is in-use as upperdir/workdir of another mount, accessing files from both mounts will result in undefined behavior.`,
    `audit: type=1325 audit(1772366400.000:${n}): table=nat family=2 entries=${n} op=xt_replace pid=1 comm="iptables"`,
  ];
}
