package gate

import "net/netip"

// Network is the address by which strangers are counted. An IPv6 network of one
// customer has more addresses than anybody counts: it is one.
func Network(ip string) string {
	addr, err := netip.ParseAddr(ip)
	if err != nil {
		return ip
	}
	if addr = addr.Unmap(); addr.Is6() {
		if net, err := addr.WithZone("").Prefix(64); err == nil {
			return net.String()
		}
	}
	return addr.String()
}
