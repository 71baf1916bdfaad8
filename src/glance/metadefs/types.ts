/** What a namespace says of itself: https://docs.openstack.org/api-ref/image/v2/metadefs-index.html#create-namespace */
export interface NamespaceFields {
  display_name?: string;
  description?: string;
  visibility?: string;
  protected?: boolean;
  owner?: string;
}

/** A namespace as lists show it; shown alone it has its contents too. */
export interface Namespace extends Readonly<NamespaceFields> {
  readonly namespace: string;
  readonly resource_type_associations?: readonly Association[];
  readonly properties?: Readonly<Record<string, Property>>;
  readonly objects?: readonly MetadefObject[];
  readonly tags?: readonly Tag[];
  readonly created_at?: string;
  readonly updated_at?: string;
}

/** A property that things may have: its values are described in words of JSON Schema, which stand beside these. */
export interface Property {
  readonly name: string;
  readonly title?: string;
  readonly type?: string;
  readonly description?: string;
}

/** A group of properties that belong together. */
export interface MetadefObject {
  readonly name: string;
  readonly description?: string;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Property>>;
}

/** A word that people may look things up by. */
export interface Tag {
  readonly name: string;
}

/** A kind of thing that definitions are for, such as `OS::Nova::Flavor`. */
export interface ResourceType {
  readonly name: string;
}

/** What the properties of a namespace are called on things of a type, and which of their metadata is meant. */
export interface Association extends ResourceType {
  readonly prefix?: string;
  readonly properties_target?: string;
}
