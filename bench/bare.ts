import { fastify } from 'fastify';

/** The rival of `read`: one route that answers a constant of as many bytes as it is told. */
const bytes = Number(process.argv[2]);
const wrapping = '{"filler":""}'.length;
const constant = `{"filler":"${'x'.repeat(Math.max(0, bytes - wrapping))}"}`;
const app = fastify();
app.get('/', (_request, reply) => {
  reply.header('content-type', 'application/json; charset=utf-8').send(constant);
});
console.log(await app.listen({ host: '127.0.0.1', port: 0 }));
