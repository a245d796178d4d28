"""Warm kernels: ipykernels forked from a process that has imported everything already (Linux).

Who does what, in the order of a start:

- `serve` (in the program that wants kernels) starts the broker and holds the line by which it lives;
- `broker` owns a socket, and for each environment asked for keeps one template;
- `template` imports what notebooks import, and forks a kernel for each request;
- `provisioner` (in whatever uses jupyter_client) asks for a kernel instead of starting a process, and starts an ordinary
  one, with a notice, whenever a warm one cannot be had.

Nothing outlives its owner: each process holds one end of a socket whose other end belongs to the owner, and ends what is
below it when that end closes, which the system does even after SIGKILL.
"""
