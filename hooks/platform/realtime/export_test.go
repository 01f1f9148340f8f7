package realtime

// Counts are the connections, those that are counted as guests, and their addresses.
func (s *Service) Counts() (open, guests, addresses int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	guests, addresses = s.guests.Count()
	return len(s.open), guests, addresses
}
