import { Injectable } from '@nestjs/common';

/** How many WebSockets are open; the server that knows is made after the modules. */
@Injectable()
export class SocketCount {
  read: () => number = () => 0;
}
