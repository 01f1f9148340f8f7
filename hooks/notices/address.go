package notices

import "net/netip"

var sharedSpace = netip.MustParsePrefix("100.64.0.0/10") // between carriers and their customers, RFC 6598

// publicAddress tells whether an address lies outside of private, local and
// reserved networks.
func publicAddress(ip netip.Addr) bool {
	ip = ip.Unmap()
	return ip.IsValid() && ip.IsGlobalUnicast() && !ip.IsPrivate() && !ip.IsLoopback() && !ip.IsLinkLocalUnicast() && !sharedSpace.Contains(ip)
}
