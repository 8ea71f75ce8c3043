// A reverse proxy in front of the dashboards, as nginx would be one: it passes on what lies below a path, with the
// path or without it, and answers 404 to everything else.
import http from 'node:http';

export interface ReverseProxy {
  // Address of the path, without a slash at its end.
  url: string;
  // Requests that did not lie below the path.
  strays: string[];
  passTo: (target: string) => void;
  stop: () => Promise<void>;
}

export async function startReverseProxy(path: string, way: 'keeps' | 'strips'): Promise<ReverseProxy> {
  let target = '';
  const strays: string[] = [];
  const server = http.createServer((request, response) => {
    const address = request.url ?? '/';
    if (address !== path && !address.startsWith(`${path}/`) && !address.startsWith(`${path}?`)) {
      strays.push(address);
      response.writeHead(404).end();
      return;
    }
    const below = address.slice(path.length);
    const inner = way === 'keeps' ? address : below.startsWith('/') ? below : `/${below}`;
    const onward = http.request(target + inner, { method: request.method ?? 'GET', headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const bound = server.address();
  const port = bound !== null && typeof bound === 'object' ? bound.port : 0;
  return {
    url: `http://127.0.0.1:${port}${path}`,
    strays,
    passTo: (url) => {
      target = url;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
