import { Injectable } from '@nestjs/common';

/** How many WebSockets are open. The server that counts them is made after the modules, and sets `read`. */
@Injectable()
export class SocketCount {
  read: () => number = () => 0;
}
