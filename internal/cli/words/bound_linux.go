package words

import "syscall"

// bound keeps this process from writing to more memory and working longer than that, whatever it reads (setrlimit(2)).
func bound(bytes, seconds uint64) error {
	if err := syscall.Setrlimit(syscall.RLIMIT_DATA, &syscall.Rlimit{Cur: bytes, Max: bytes}); err != nil {
		return err
	}
	return syscall.Setrlimit(syscall.RLIMIT_CPU, &syscall.Rlimit{Cur: seconds, Max: seconds})
}
