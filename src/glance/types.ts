/** An image as `GET /v2/images/ID` gives it: https://docs.openstack.org/api-ref/image/v2/#show-image */
export interface Image {
  readonly id: string;
  readonly name?: string | null;
  readonly status?: string;
  readonly size?: number | null;
  readonly checksum?: string | null;
  readonly os_hash_algo?: string | null;
  readonly os_hash_value?: string | null;
  readonly container_format?: string | null;
  readonly disk_format?: string | null;
  readonly visibility?: string;
  readonly owner?: string | null;
  readonly tags?: readonly string[];
  readonly [property: string]: unknown;
}

/** The fields of an image that its owner may set; anything else is a custom property. */
export interface ImageFields {
  architecture?: string;
  container_format?: string;
  disk_format?: string;
  instance_uuid?: string;
  kernel_id?: string;
  min_disk?: number;
  min_ram?: number;
  name?: string;
  os_distro?: string;
  os_hidden?: boolean;
  os_version?: string;
  owner?: string;
  protected?: boolean;
  ramdisk_id?: string;
  visibility?: string;
}

/** A store as `GET /v2/info/stores` lists it. */
export interface Store {
  readonly id: string;
  readonly description?: string;
  readonly default?: string | boolean;
}

/** A project that an image is shared with: https://docs.openstack.org/api-ref/image/v2/#show-image-member-details */
export interface Member {
  readonly image_id: string;
  readonly member_id: string;
  readonly status: string;
  readonly [detail: string]: unknown;
}

/** Where data of an image lie, as far as the cloud tells. */
export interface Location {
  readonly url: string;
  readonly metadata: object;
}

/** What the service does in the background: https://docs.openstack.org/api-ref/image/v2/#tasks */
export interface Task {
  readonly id: string;
  readonly type?: string;
  readonly status?: string;
  readonly message?: string | null;
  readonly created_at?: string;
  readonly [detail: string]: unknown;
}
