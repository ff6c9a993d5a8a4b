package main

import (
	"fmt"
	"net/url"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
	"go.etcd.io/etcd/server/v3/embed"
)

// newEtcdCommand runs an etcd of one member, which does not wait for the disk.
func newEtcdCommand() *cobra.Command {
	var folder string
	var clientPort, peerPort int
	command := &cobra.Command{
		Use: "etcd",
		RunE: func(command *cobra.Command, _ []string) error {
			stop, release := signal.NotifyContext(command.Context(), syscall.SIGTERM, syscall.SIGINT)
			defer release()
			config := embed.NewConfig()
			config.Dir = folder
			config.LogLevel = "warn"
			config.UnsafeNoFsync = true
			client := []url.URL{loopback(clientPort)}
			peer := []url.URL{loopback(peerPort)}
			config.ListenClientUrls, config.AdvertiseClientUrls = client, client
			config.ListenPeerUrls, config.AdvertisePeerUrls = peer, peer
			config.InitialCluster = config.InitialClusterFromName(config.Name)
			etcd, err := embed.StartEtcd(config)
			if err != nil {
				return err
			}
			defer etcd.Close()
			select {
			case err := <-etcd.Err():
				return err
			case <-stop.Done():
				return nil
			}
		},
	}
	command.Flags().StringVar(&folder, "data-dir", "", "where the data is kept")
	command.Flags().IntVar(&clientPort, "client-port", 0, "port on 127.0.0.1 for clients")
	command.Flags().IntVar(&peerPort, "peer-port", 0, "port on 127.0.0.1 for other members")
	return command
}

func loopback(port int) url.URL {
	return url.URL{Scheme: "http", Host: fmt.Sprintf("127.0.0.1:%d", port)}
}
