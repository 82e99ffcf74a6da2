package api

// BytesOfDevices is how many bytes of devices' bodies are in memory.
func (s *Server) BytesOfDevices() int64 {
	s.bodies.devices.mu.Lock()
	defer s.bodies.devices.mu.Unlock()
	return s.bodies.devices.taken
}
