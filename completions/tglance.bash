# Completion of tglance for bash 4.2 or newer, written by "npm run generate".

# Sets what the command $1 takes, and what every command does. An option says behind = what its value can be: some words,
# or a kind of things behind @. With ? it may have a value, with * several; one with ! is known and not offered. Of the
# words in places the last one may be repeated when it begins with *; @ alone can be anything.
_tglance_takes() {
  commands=(
    image-list image-show image-create image-update image-delete image-deactivate image-reactivate
    image-upload image-download image-create-via-import image-stage image-import image-inspect
    image-check image-verify image-compare image-tag-update image-tag-delete member-list member-get
    member-create member-update member-delete location-add location-update location-delete
    add-location stores-delete cache-list cache-queue cache-delete cache-clear cache-clean
    cache-prune cache-nodes image-tasks task-list task-show task-create stores-info import-info
    usage explain api md-namespace-list md-namespace-show md-namespace-create md-namespace-import
    md-namespace-update md-namespace-delete md-resource-type-list md-resource-type-associate
    md-resource-type-deassociate md-namespace-resource-type-list md-property-list md-property-show
    md-property-create md-property-update md-property-delete md-namespace-properties-delete
    md-object-list md-object-show md-object-property-show md-object-create md-object-update
    md-object-delete md-namespace-objects-delete md-tag-list md-tag-show md-tag-create
    md-tag-create-multiple md-tag-update md-tag-delete md-namespace-tags-delete file-inspect
    file-hash file-convert file-ls file-cat file-check whoami token-issue token-revoke catalog-list
    cloud-list config-list config-get config-set config-unset sandbox-start completion man
    bash-completion help
  )
  common=(
    -d --debug -v --verbose --quiet --no-cache --version -h --help '!--force' '!--get-schema'
    '!--collect-timing' '!--profile=' '-f=table json jsonl yaml csv value shell'
    '--format=table json jsonl yaml csv value shell' '-c=@column' '--column=@column'
    '--sort-column=@column' --sort-ascending --sort-descending '--max-width=' --fit-width
    --print-empty --noindent '--quote=all minimal none nonnumeric' '--prefix='
    '--color=auto always never'
  )
  connection=(
    '--os-cloud=@cloud' '!--os-auth-plugin=' '--os-auth-type=' '--os-auth-url=' '!--os-user-name='
    '--os-username=' '--os-user-id=' '--os-password=' '--os-user-domain-id='
    '--os-user-domain-name=' '!--os-tenant-id=' '--os-project-id=' '!--os-tenant-name='
    '--os-project-name=' '--os-project-domain-id=' '--os-project-domain-name=' '--os-domain-id='
    '--os-domain-name=' '--os-default-domain-id=' '--os-default-domain-name=' '--os-system-scope='
    '--os-trust-id=' --os-unscoped '!--os-token=' '--os-auth-token=' '!--os-url=' '!--os-endpoint='
    '--os-image-url=' '--os-service-type=' '!--os-interface=' '--os-endpoint-type='
    '--os-region-name=' '--os-image-api-version=' '--os-cacert=@file' '--os-cert=@file'
    '--os-key=@file' --insecure '--timeout=' '--os-identity-api-version=' '--os-auth-methods='
    '--os-passcode=' '--os-auth-helper=' '--os-password-fd=' '--os-application-credential-id='
    '--os-application-credential-name=' '--os-application-credential-secret='
    '--os-identity-provider=' '--os-protocol=' '--os-client-id=' '--os-client-secret='
    '!--os-scope=' '--os-openid-scope=' '--os-discovery-endpoint=' '--os-access-token-endpoint='
    '--os-access-token-type=' '--os-access-token=' '--os-idp-otp-key='
    '--os-device-authorization-endpoint=' '--os-code-challenge-method=' '!--os-authorization-code='
    '--os-code=' '--os-redirect-uri=' '--os-redirect-port=' '--os-oauth2-endpoint='
    '--os-oauth2-client-id=' '--os-oauth2-client-secret='
  )
  own=() places=() columns=()
  case $1 in
    image-list)
      own=(
        '--limit=' '--page-size=' '--visibility=public private community shared all'
        '--member-status=accepted pending rejected all' '--owner=' '--property-filter='
        '--checksum=' '--hash=' '--tag='
        '--sort-key=name status container_format disk_format size id created_at updated_at'
        '--sort-dir=asc desc' '--sort=' '--hidden?=true false' --public --private --community
        --shared '--project=' '--project-domain=' --all '--name='
        '--status=queued saving uploading importing active deactivated killed deleted pending_delete'
        '--size-min=' '--size-max=' '--created-at=' '--updated-at=' '--marker=@image' '--max-items='
        '--include-stores?=true false'
      )
      columns=(ID Name Disk_format Container_format Size Status Owner Visibility Protected Hidden Min_disk Min_ram Checksum Hash_algorithm Hash_value Virtual_size Created_at Updated_at Tags Stores)
      ;;
    image-show)
      own=(
        --human-readable '--max-column-width='
      )
      places=(@image)
      ;;
    image-create)
      own=(
        '--architecture=' '--container-format=bare ovf ova docker compressed ami ari aki'
        '--disk-format=raw qcow2 vmdk vhd vhdx vdi iso ploop ami ari aki' '--instance-uuid='
        '--kernel-id=@image' '--min-disk=' '--min-ram=' '--name=' '--os-distro='
        '--hidden?=true false' '--os-version=' '--owner=' '--protected?=true false'
        '--ramdisk-id=@image' '--visibility=public private community shared' '--property=' --public
        --private --community --shared '--project=' '--project-domain=' '--description='
        --unprotected --unhidden '!--is-public=true false' '!--is-protected=true false'
        '--file=@file' '--size=' --progress '--limit-rate=' --no-verify --decompress
        '--convert-to=raw qcow2' --backing --allow-unsafe --no-inspect --check '--id=' '--tags*='
        '--tag=' --keep-failed '--sign-key-path=@file' '--sign-cert-id='
        '--sign-hash-method=SHA-256 SHA-224 SHA-384 SHA-512' '--volume=' --force --wait '--timeout='
        '--location=' '--copy-from=' '--checksum=' '--store=@store'
      )
      ;;
    image-update)
      own=(
        '--architecture=' '--container-format=bare ovf ova docker compressed ami ari aki'
        '--disk-format=raw qcow2 vmdk vhd vhdx vdi iso ploop ami ari aki' '--instance-uuid='
        '--kernel-id=@image' '--min-disk=' '--min-ram=' '--name=' '--os-distro='
        '--hidden?=true false' '--os-version=' '--owner=' '--protected?=true false'
        '--ramdisk-id=@image' '--visibility=public private community shared' '--property=' --public
        --private --community --shared '--project=' '--project-domain=' '--description='
        --unprotected --unhidden '!--is-public=true false' '!--is-protected=true false'
        '--remove-property=' '--tags*=' '--tag=' '--remove-tag=@image-tag' --activate --deactivate
      )
      places=(@image)
      ;;
    image-delete)
      own=(
        --wait '--timeout='
      )
      places=('*@image')
      ;;
    image-deactivate)
      places=(@image)
      ;;
    image-reactivate)
      places=(@image)
      ;;
    image-upload)
      own=(
        '--file=@file' '--size=' --progress '--limit-rate=' --no-verify --decompress
        '--convert-to=raw qcow2' --backing --allow-unsafe --no-inspect --check --wait '--timeout='
        '--store=@store'
      )
      places=(@image)
      ;;
    image-download)
      own=(
        '--file=@file' --progress '--prefer=@store' '--limit-rate=' --no-verify
        '--parallel=auto 2 4 8' --decompress '--convert-to=raw qcow2' --allow-unsafe --resume
        '--sparse=auto always never' --allow-md5-fallback
      )
      places=('*@image')
      ;;
    image-create-via-import)
      own=(
        '--architecture=' '--container-format=bare ovf ova docker compressed ami ari aki'
        '--disk-format=raw qcow2 vmdk vhd vhdx vdi iso ploop ami ari aki' '--instance-uuid='
        '--kernel-id=@image' '--min-disk=' '--min-ram=' '--name=' '--os-distro='
        '--hidden?=true false' '--os-version=' '--owner=' '--protected?=true false'
        '--ramdisk-id=@image' '--visibility=public private community shared' '--property=' --public
        --private --community --shared '--project=' '--project-domain=' '--description='
        --unprotected --unhidden '!--is-public=true false' '!--is-protected=true false'
        '--file=@file' '--size=' --progress '--limit-rate=' --decompress '--convert-to=raw qcow2'
        --backing --allow-unsafe --no-inspect --check '--id=' '--tags*=' '--tag=' --keep-failed
        '--import-method=@import-method' '--uri=' '--remote-region=' '--remote-image-id='
        '--remote-service-interface=' '--store=@store' '--stores=@store' '--all-stores=true false'
        '--allow-failure=true false' --wait '--timeout='
      )
      ;;
    image-stage)
      own=(
        '--file=@file' '--size=' --progress '--limit-rate=' --decompress '--convert-to=raw qcow2'
        --backing --allow-unsafe --no-inspect --check
      )
      places=(@image)
      ;;
    image-import)
      own=(
        '--import-method=@import-method' '--uri=' '--remote-region=' '--remote-image-id='
        '--remote-service-interface=' '--store=@store' '--stores=@store' '--all-stores=true false'
        '--allow-failure=true false' --wait '--timeout='
      )
      places=(@image)
      ;;
    image-inspect)
      own=(
        --no-guest
      )
      places=(@image)
      ;;
    image-check)
      own=(
        '--only=resize-root mac-address ssh-server firewall ssh-key user-data console-log machine-id host-keys authorized-keys root-password cloud-state leases history random-seed logs swap unmounted free-space boot-delay virtio'
        '--skip=resize-root mac-address ssh-server firewall ssh-key user-data console-log machine-id host-keys authorized-keys root-password cloud-state leases history random-seed logs swap unmounted free-space boot-delay virtio'
        --strict '--policy=@file' --hygiene --explain --list
      )
      places=(@image)
      columns=(Check Result Finding Evidence Advice)
      ;;
    image-verify)
      own=(
        '--file=@file' --backing --progress
      )
      places=(@image)
      columns=(Check Image File Result)
      ;;
    image-compare)
      own=(
        --backing --progress
      )
      places=(@image @file)
      columns=(Check Image File Result)
      ;;
    image-tag-update)
      places=(@image @)
      columns=(ID Name Disk_format Container_format Size Status Owner Visibility Protected Hidden Min_disk Min_ram Checksum Hash_algorithm Hash_value Virtual_size Created_at Updated_at Tags Stores)
      ;;
    image-tag-delete)
      places=(@image @image-tag)
      ;;
    member-list)
      own=(
        '--image-id=@image'
      )
      places=(@image)
      columns=(Image_ID Member_ID Status Created_at Updated_at)
      ;;
    member-get)
      own=(
        '--project-domain='
      )
      places=(@image @member)
      ;;
    member-create)
      own=(
        '--project-domain='
      )
      places=(@image @)
      columns=(Image_ID Member_ID Status Created_at Updated_at)
      ;;
    member-update)
      own=(
        '--project-domain='
      )
      places=(@image @member 'accepted rejected pending')
      columns=(Image_ID Member_ID Status Created_at Updated_at)
      ;;
    member-delete)
      own=(
        '--project-domain='
      )
      places=(@image @member)
      ;;
    location-add)
      own=(
        '--url=' '--metadata=' '--checksum=' '--hash-algo=' '--hash-value='
      )
      places=(@image)
      ;;
    location-update)
      own=(
        '--url=' '--metadata='
      )
      places=(@image)
      ;;
    location-delete)
      own=(
        '--url='
      )
      places=(@image)
      ;;
    add-location)
      own=(
        '--url=' '--validation-data=' --wait '--timeout='
      )
      places=(@image)
      ;;
    stores-delete)
      own=(
        '--store=@store' --wait '--timeout='
      )
      places=(@image)
      ;;
    cache-list)
      columns=(ID State 'Last_Accessed_(UTC)' 'Last_Modified_(UTC)' Size Hits)
      ;;
    cache-queue)
      own=(
        --wait '--timeout='
      )
      places=('*@image')
      ;;
    cache-delete)
      places=('*@image')
      ;;
    cache-clear)
      own=(
        '--target=both cache queue'
      )
      ;;
    cache-clean)
      ;;
    cache-prune)
      ;;
    cache-nodes)
      places=(@image)
      ;;
    image-tasks)
      places=(@image)
      columns=(Image_Id Task_Id Message Status Updated_at User_Id Request_Id Result Owner Input Expires_at)
      ;;
    task-list)
      own=(
        '--sort-key=id type status' '--sort-dir=asc desc' '--page-size='
        '--type=import api_image_import location_import'
        '--status=pending processing success failure'
      )
      columns=(ID Type Status Owner Created_at Updated_at Expires_at)
      ;;
    task-show)
      places=(@task)
      ;;
    task-create)
      own=(
        '--type=import api_image_import location_import' '--input='
      )
      ;;
    stores-info)
      own=(
        --detail
      )
      ;;
    import-info)
      ;;
    usage)
      columns=(Quota Limit Usage)
      ;;
    explain)
      places=('image images member members task tasks metadefs/namespace metadefs/namespaces metadefs/resource_type metadefs/resource_types metadefs/property metadefs/properties metadefs/object metadefs/objects metadefs/tag metadefs/tags')
      columns=(Attribute Description)
      ;;
    api)
      own=(
        '--data=' '-H=' '--header=' -i --include '-o=@file' '--file=@file'
      )
      places=('GET HEAD POST PUT PATCH DELETE' @)
      ;;
    md-namespace-list)
      own=(
        '--resource-types=@resource-type' '--visibility=public private' '--page-size='
      )
      columns=(namespace display_name description visibility protected owner resource_types created_at updated_at)
      ;;
    md-namespace-show)
      own=(
        '--resource-type=@resource-type' '--max-column-width='
      )
      places=(@namespace)
      ;;
    md-namespace-create)
      own=(
        '--display-name=' '--description=' '--visibility=public private' '--protected=true false'
        '--owner=' '--resource-type-associations*='
      )
      places=(@)
      ;;
    md-namespace-import)
      own=(
        '--file=@file'
      )
      ;;
    md-namespace-update)
      own=(
        '--namespace=' '--display-name=' '--description=' '--visibility=public private'
        '--protected=true false' '--owner='
      )
      places=(@namespace)
      ;;
    md-namespace-delete)
      places=(@namespace)
      ;;
    md-resource-type-list)
      columns=(name)
      ;;
    md-resource-type-associate)
      own=(
        '--name=@resource-type' '--prefix=' '--properties-target='
      )
      places=(@namespace)
      ;;
    md-resource-type-deassociate)
      places=(@namespace @resource-type)
      ;;
    md-namespace-resource-type-list)
      places=(@namespace)
      columns=(name prefix properties_target)
      ;;
    md-property-list)
      places=(@namespace)
      columns=(name title type description)
      ;;
    md-property-show)
      own=(
        '--max-column-width='
      )
      places=(@namespace @property)
      ;;
    md-property-create)
      own=(
        '--name=' '--title=' '--type=string integer number boolean array object' '--schema='
      )
      places=(@namespace)
      ;;
    md-property-update)
      own=(
        '--name=' '--title=' '--schema='
      )
      places=(@namespace @property)
      ;;
    md-property-delete)
      places=(@namespace @property)
      ;;
    md-namespace-properties-delete)
      places=(@namespace)
      ;;
    md-object-list)
      places=(@namespace)
      columns=(name description required properties)
      ;;
    md-object-show)
      own=(
        '--max-column-width='
      )
      places=(@namespace @object)
      ;;
    md-object-property-show)
      own=(
        '--max-column-width='
      )
      places=(@namespace @object @property)
      ;;
    md-object-create)
      own=(
        '--name=' '--schema='
      )
      places=(@namespace)
      ;;
    md-object-update)
      own=(
        '--name=' '--schema='
      )
      places=(@namespace @object)
      ;;
    md-object-delete)
      places=(@namespace @object)
      ;;
    md-namespace-objects-delete)
      places=(@namespace)
      ;;
    md-tag-list)
      places=(@namespace)
      columns=(name)
      ;;
    md-tag-show)
      places=(@namespace @definition-tag)
      ;;
    md-tag-create)
      own=(
        '--name='
      )
      places=(@namespace)
      ;;
    md-tag-create-multiple)
      own=(
        '--names=' '--delim=' --append
      )
      places=(@namespace)
      columns=(name)
      ;;
    md-tag-update)
      own=(
        '--name='
      )
      places=(@namespace @definition-tag)
      ;;
    md-tag-delete)
      places=(@namespace @definition-tag)
      ;;
    md-namespace-tags-delete)
      places=(@namespace)
      ;;
    file-inspect)
      own=(
        '--disk-format=qcow2 qcow qed vmdk vhdx vdi parallels luks gzip xz zstd bzip2 lz4 zip 7z ova tar vhd iso raw'
        --map --no-guest --backing
      )
      places=(@file)
      ;;
    file-hash)
      own=(
        '--algo=sha512 sha256 sha1 md5' '--as=raw'
        '--disk-format=qcow2 qcow qed vmdk vhdx vdi parallels luks gzip xz zstd bzip2 lz4 zip 7z ova tar vhd iso raw'
        --backing --progress
      )
      places=('*@file')
      columns=(File Algorithm Hash Size)
      ;;
    file-convert)
      own=(
        '-O=raw qcow2' '--to=raw qcow2'
        '--disk-format=qcow2 qcow qed vmdk vhdx vdi parallels luks gzip xz zstd bzip2 lz4 zip 7z ova tar vhd iso raw'
        --allow-unsafe --backing --compress '--sparse=auto always never' --force --progress
      )
      places=(@file @file)
      ;;
    file-ls)
      own=(
        '--partition=' --backing --long
      )
      places=(@file @)
      columns=(Mode Owner Size Modified Name)
      ;;
    file-cat)
      own=(
        '--partition=' --backing
      )
      places=(@file @)
      ;;
    file-check)
      own=(
        '--only=resize-root mac-address ssh-server firewall ssh-key user-data console-log machine-id host-keys authorized-keys root-password cloud-state leases history random-seed logs swap unmounted free-space boot-delay virtio'
        '--skip=resize-root mac-address ssh-server firewall ssh-key user-data console-log machine-id host-keys authorized-keys root-password cloud-state leases history random-seed logs swap unmounted free-space boot-delay virtio'
        --strict '--policy=@file' --hygiene --explain --list --backing
      )
      places=(@file)
      columns=(Check Result Finding Evidence Advice)
      ;;
    whoami)
      ;;
    token-issue)
      ;;
    token-revoke)
      places=(@)
      ;;
    catalog-list)
      columns=(Type Name Region Interface URL)
      ;;
    cloud-list)
      columns=(Name Current Auth_type Auth_URL Regions User Project From)
      ;;
    config-list)
      columns=(Name Value Origin)
      ;;
    config-get)
      places=(@setting)
      ;;
    config-set)
      places=(@setting @setting-value)
      ;;
    config-unset)
      places=(@setting)
      ;;
    sandbox-start)
      own=(
        '--port=' '--dir=@directory' '--write-clouds-yaml=@file'
      )
      ;;
    completion)
      places=('bash zsh fish')
      ;;
    man)
      ;;
    bash-completion)
      ;;
    help)
      places=(@command)
      ;;
  esac
}

_tglance_single="'" _tglance_double='"' _tglance_back='\'

# Splits a line that ends at the cursor as the shell would, quotation marks left out, into words; from is where the
# last one begins, quote the mark it leaves open, and redirected says that it names a file to read or to write.
_tglance_split() {
  local char next word= begun= at
  words=() from=0 quote= redirected=
  for (( at = 0; at < ${#1}; at++ )); do
    char=${1:at:1}
    if [[ $quote && $char == "$quote" ]]; then
      quote=
    elif [[ $quote == "$_tglance_single" ]]; then
      word+=$char
    elif [[ $char == "$_tglance_back" ]]; then
      at=$(( at + 1 ))
      next=${1:at:1}
      [[ $quote && $next != ["$_tglance_back$_tglance_double"'$`'] ]] && word+=$char
      word+=$next begun=1
    elif [[ $quote ]]; then
      word+=$char
    elif [[ $char == ["$_tglance_single$_tglance_double"] ]]; then
      quote=$char begun=1
    elif [[ $char != [[:space:]'<>'] ]]; then
      word+=$char begun=1
    else
      if [[ $begun && $redirected ]]; then
        redirected=
      elif [[ $begun && ( $char != ['<>'] || $word != [0-9] ) ]]; then
        words+=("$word")
      fi
      [[ $char == ['<>'] ]] && redirected=1
      word= begun= from=$(( at + 1 ))
    fi
  done
  words+=("$word")
}

# Finds the option that a word names: in full, with underscores, or by its beginning.
_tglance_find() {
  local option name=${1%%=*}
  [[ $name == --* ]] && name=${name//_/-}
  found=
  for option in "${own[@]}" "${common[@]}" "${connection[@]}"; do
    option=${option#!}
    if [[ ${option%%[=?*]*} == "$name" ]]; then
      found=$option
      return
    fi
    [[ ! $found && $name == --?* && $option == "$name"* ]] && found=$option
  done
}

# Reads the words before the cursor: command and its args, the option that is open for a value, whether options
# have ended, and in given those that say which cloud is meant.
_tglance_read() {
  local this found at
  for (( at = 1; at < ${#words[@]} - 1; at++ )); do
    this=${words[at]}
    if [[ $open && ( $this != -?* || ${open%%=*} != *[?*] ) ]]; then
      [[ " ${connection[*]} " == *" $open "* ]] && given+=("${open%%=*}=$this")
      [[ ${open%%=*} == *'*' ]] || open=
    elif [[ ! $ended && $this == -?* ]]; then
      open= found=
      if [[ $this == -- ]]; then
        ended=1
      else
        _tglance_find "$this"
        if [[ $found == *=* && $this != --*=* ]]; then
          open=$found
        elif [[ $found && " ${connection[*]} " == *" $found "* ]]; then
          given+=("$this")
        fi
      fi
    elif [[ ! $command ]]; then
      command=$this
      _tglance_takes "$command"
    else
      args+=("$this")
    fi
  done
}

# Adds those of its arguments that go on from what is typed to the reply, inside the quotation mark that is open.
_tglance_offer() {
  local char choice
  for choice; do
    [[ $choice == "$word"* && $choice != "$kept" ]] || continue
    choice=${choice:${#kept}}
    if [[ $quote == "$_tglance_double" ]]; then
      for char in "$_tglance_back" "$_tglance_double" '$' '`'; do
        choice=${choice//"$char"/"$_tglance_back$char"}
      done
      choice=${choice//!/"$_tglance_double$_tglance_back!$_tglance_double"}
    elif [[ $quote ]]; then
      choice=${choice//"$quote"/"$quote$_tglance_back$quote$quote"}
    else
      printf -v choice %q "$choice"
      choice=${choice//"$_tglance_back",/,}
    fi
    # what ends like this looks closed to bash, which would not close it
    [[ $quote && $choice == *"$quote" ]] && choice+=$quote
    COMPREPLY+=("$choice")
  done
}

# Offers the values that $1 of the tables means, for a word that begins with $2 (--option=).
_tglance_values() {
  local name names before=$2 program=${words[0]/#'~/'/$HOME/}
  case $1 in
    @) ;;
    @file) _tglance_paths default "$2" ;;
    @directory) _tglance_paths dirnames "$2" ;;
    @command) _tglance_offer "${commands[@]/#/$2}" ;;
    @column) _tglance_offer "${columns[@]/#/$2}" ;;
    @*)
      # several stores stand in one word, with commas
      [[ $1 == @store && $word == *,* ]] && before=${word%,*},
      while IFS= read -r name; do
        _tglance_offer "$before${name%%$'\t'*}"
      done < <("$program" "${given[@]}" __complete "${1#@}" "${word#"$before"}" "${args[@]}" </dev/null 2>/dev/null)
      ;;
    *)
      read -ra names <<<"$1"
      _tglance_offer "${names[@]/#/$2}"
      ;;
  esac
}

# Leaves paths to bash, where it takes the whole value for a word as well.
_tglance_paths() {
  local path
  if [[ $kept == "$2" ]]; then
    compopt -o "$1"
    return
  fi
  compopt -o nospace
  while IFS= read -r path; do
    [[ -d $path ]] && path+=/
    _tglance_offer "$2$path"
  done < <(compgen -f -- "${word#"$2"}")
}

# Offers the names of options; those of the connection after a command only when their beginning is typed.
_tglance_options() {
  local option options=("${own[@]}" "${common[@]}")
  [[ ! $command || $word == --?* ]] && options+=("${connection[@]}")
  for option in "${options[@]}"; do
    [[ $option == !* || ! $word && $option != --* ]] || _tglance_offer "${option%%[=?*]*}"
  done
}

_tglance() {
  local IFS=$' \t\n' line=${COMP_LINE:0:COMP_POINT}
  local words from quote redirected commands own common connection places columns place
  local lead kept word command= args=() open= ended= given=() found=
  COMPREPLY=()
  _tglance_split "$line"
  # $2 is what bash will put the reply in place of: less than the word, where it breaks words at = or :
  lead=${line:from}
  lead=${lead%"$2"}
  kept=$(_tglance_split "$lead" && printf %s "${words[${#words[@]} - 1]}")
  word=${words[${#words[@]} - 1]}
  if [[ $redirected ]]; then
    compopt -o default
    return
  fi
  _tglance_takes ''
  _tglance_read
  place=${places[${#args[@]}]-}
  [[ ! $place && ${places[*]} == *'*'* ]] && place=${places[${#places[@]} - 1]}
  if [[ $open && ${open%%=*} != *[?*] ]]; then
    _tglance_values "${open#*=}" ''
  elif [[ ! $ended && $word == --*=* ]]; then
    _tglance_find "$word"
    [[ $found == *=* ]] && _tglance_values "${found#*=}" "${word%%=*}="
  elif [[ ! $ended && $word == -* ]]; then
    _tglance_options
  else
    [[ $open ]] && _tglance_values "${open#*=}" ''
    if [[ ! $command ]]; then
      _tglance_offer "${commands[@]}"
    elif [[ $place ]]; then
      _tglance_values "${place#'*'}" ''
    elif [[ ! $word ]]; then
      _tglance_options
    fi
  fi
}

complete -F _tglance tglance
