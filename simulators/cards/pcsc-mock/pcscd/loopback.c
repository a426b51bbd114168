/*
 * Preloaded into pcscd. The vpcd driver listens on every address and sends the length and the body of a command in two writes, which Nagle's
 * algorithm and delayed acknowledgements turn into 40 ms each. Here a TCP socket that is bound to every address is bound to loopback, and
 * accepted connections send at once.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

int bind(int fd, const struct sockaddr *address, socklen_t length)
{
	static int (*next)(int, const struct sockaddr *, socklen_t);
	if (!next)
		next = dlsym(RTLD_NEXT, "bind");
	if (address && address->sa_family == AF_INET && length >= sizeof(struct sockaddr_in)) {
		struct sockaddr_in local = *(const struct sockaddr_in *)address;
		if (local.sin_addr.s_addr == htonl(INADDR_ANY))
			local.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		return next(fd, (const struct sockaddr *)&local, sizeof local);
	}
	if (address && address->sa_family == AF_INET6 && length >= sizeof(struct sockaddr_in6)) {
		struct sockaddr_in6 local = *(const struct sockaddr_in6 *)address;
		if (IN6_IS_ADDR_UNSPECIFIED(&local.sin6_addr))
			inet_pton(AF_INET6, "::ffff:127.0.0.1", &local.sin6_addr);
		return next(fd, (const struct sockaddr *)&local, sizeof local);
	}
	return next(fd, address, length);
}

int accept(int fd, struct sockaddr *address, socklen_t *length)
{
	static int (*next)(int, struct sockaddr *, socklen_t *);
	int accepted, on = 1;
	if (!next)
		next = dlsym(RTLD_NEXT, "accept");
	accepted = next(fd, address, length);
	if (accepted >= 0)
		setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	return accepted;
}
