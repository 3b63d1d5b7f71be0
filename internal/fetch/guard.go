package fetch

import (
	"net/netip"
	"sync"
)

// closed are the ranges that are not the public internet, or lead back into somebody's network. Source: IANA special-purpose registries
// (RFC 6890 and its updates).
var closed = sync.OnceValue(func() []netip.Prefix {
	var all []netip.Prefix
	for _, s := range []string{
		"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
		"192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24",
		"203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
		"::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
		"5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
	} {
		all = append(all, netip.MustParsePrefix(s))
	}
	return all
})

// Public allows the web's own ports at addresses of the public internet. An IPv4 address inside an IPv6 one is judged as the former; one
// behind a translator (NAT64, 6to4, Teredo) is refused, whatever it holds.
func Public(to netip.AddrPort) bool {
	ip := to.Addr().Unmap().WithZone("")
	if !ip.IsValid() || to.Addr().Zone() != "" || (to.Port() != 80 && to.Port() != 443) {
		return false
	}
	if ip.Is6() && !netip.MustParsePrefix("2000::/3").Contains(ip) {
		return false
	}
	for _, p := range closed() {
		if p.Contains(ip) {
			return false
		}
	}
	return true
}
