/** A key pair of the instance, as it is stored. */
export interface SigningKeyRecord {
  kid: string;
  /** 32 bytes. */
  publicKey: Buffer;
  /** PKCS #8, sealed with the instance's secret. */
  sealedPrivateKey: Buffer;
}
