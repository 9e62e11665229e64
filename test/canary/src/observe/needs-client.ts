import '../access/kube/client.ts';
