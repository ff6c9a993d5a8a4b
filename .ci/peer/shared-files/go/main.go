// Prints what the AWS SDK for Go reads of each shared credentials file that is named.
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/aws/aws-sdk-go-v2/config"
)

func main() {
	for _, file := range os.Args[1:] {
		read, err := config.LoadSharedConfigProfile(context.Background(), "default",
			func(options *config.LoadSharedConfigOptions) {
				options.CredentialsFiles = []string{file}
				options.ConfigFiles = []string{}
			})
		keys := read.Credentials
		if err != nil || !keys.HasKeys() {
			fmt.Printf("%s: nothing\n", filepath.Base(file))
			continue
		}
		fmt.Printf("%s: %q %q %q\n", filepath.Base(file), keys.AccessKeyID, keys.SecretAccessKey, keys.SessionToken)
	}
}
