/** How bash completes a line, from the tables that `_tglance_takes` sets. */
export const code = `_tglance_single="'" _tglance_double='"' _tglance_back='\\'

# Splits a line that ends at the cursor as the shell would, quotation marks left out, into words; from is where the
# last one begins, quote the mark it leaves open, and redirected says that it names a file to read or to write.
_tglance_split() {
  local char next word= begun= at
  words=() from=0 quote= redirected=
  for (( at = 0; at < \${#1}; at++ )); do
    char=\${1:at:1}
    if [[ $quote && $char == "$quote" ]]; then
      quote=
    elif [[ $quote == "$_tglance_single" ]]; then
      word+=$char
    elif [[ $char == "$_tglance_back" ]]; then
      at=$(( at + 1 ))
      next=\${1:at:1}
      [[ $quote && $next != ["$_tglance_back$_tglance_double"'$\`'] ]] && word+=$char
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
  local option name=\${1%%=*}
  [[ $name == --* ]] && name=\${name//_/-}
  found=
  for option in "\${own[@]}" "\${common[@]}" "\${connection[@]}"; do
    option=\${option#!}
    if [[ \${option%%[=?*]*} == "$name" ]]; then
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
  for (( at = 1; at < \${#words[@]} - 1; at++ )); do
    this=\${words[at]}
    if [[ $open && ( $this != -?* || \${open%%=*} != *[?*] ) ]]; then
      [[ " \${connection[*]} " == *" $open "* ]] && given+=("\${open%%=*}=$this")
      [[ \${open%%=*} == *'*' ]] || open=
    elif [[ ! $ended && $this == -?* ]]; then
      open= found=
      if [[ $this == -- ]]; then
        ended=1
      else
        _tglance_find "$this"
        if [[ $found == *=* && $this != --*=* ]]; then
          open=$found
        elif [[ $found && " \${connection[*]} " == *" $found "* ]]; then
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
    choice=\${choice:\${#kept}}
    if [[ $quote == "$_tglance_double" ]]; then
      for char in "$_tglance_back" "$_tglance_double" '$' '\`'; do
        choice=\${choice//"$char"/"$_tglance_back$char"}
      done
      choice=\${choice//!/"$_tglance_double$_tglance_back!$_tglance_double"}
    elif [[ $quote ]]; then
      choice=\${choice//"$quote"/"$quote$_tglance_back$quote$quote"}
    else
      printf -v choice %q "$choice"
      choice=\${choice//"$_tglance_back",/,}
    fi
    # what ends like this looks closed to bash, which would not close it
    [[ $quote && $choice == *"$quote" ]] && choice+=$quote
    COMPREPLY+=("$choice")
  done
}

# Offers the values that $1 of the tables means, for a word that begins with $2 (--option=).
_tglance_values() {
  local name names before=$2 program=\${words[0]/#'~/'/$HOME/}
  case $1 in
    @) ;;
    @file) _tglance_paths default "$2" ;;
    @directory) _tglance_paths dirnames "$2" ;;
    @command) _tglance_offer "\${commands[@]/#/$2}" ;;
    @column) _tglance_offer "\${columns[@]/#/$2}" ;;
    @*)
      # several stores stand in one word, with commas
      [[ $1 == @store && $word == *,* ]] && before=\${word%,*},
      while IFS= read -r name; do
        _tglance_offer "$before\${name%%$'\\t'*}"
      done < <("$program" "\${given[@]}" __complete "\${1#@}" "\${word#"$before"}" "\${args[@]}" </dev/null 2>/dev/null)
      ;;
    *)
      read -ra names <<<"$1"
      _tglance_offer "\${names[@]/#/$2}"
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
  done < <(compgen -f -- "\${word#"$2"}")
}

# Offers the names of options; those of the connection after a command only when their beginning is typed.
_tglance_options() {
  local option options=("\${own[@]}" "\${common[@]}")
  [[ ! $command || $word == --?* ]] && options+=("\${connection[@]}")
  for option in "\${options[@]}"; do
    [[ $option == !* || ! $word && $option != --* ]] || _tglance_offer "\${option%%[=?*]*}"
  done
}

_tglance() {
  local IFS=$' \\t\\n' line=\${COMP_LINE:0:COMP_POINT}
  local words from quote redirected commands own common connection places columns place
  local lead kept word command= args=() open= ended= given=() found=
  COMPREPLY=()
  _tglance_split "$line"
  # $2 is what bash will put the reply in place of: less than the word, where it breaks words at = or :
  lead=\${line:from}
  lead=\${lead%"$2"}
  kept=$(_tglance_split "$lead" && printf %s "\${words[\${#words[@]} - 1]}")
  word=\${words[\${#words[@]} - 1]}
  if [[ $redirected ]]; then
    compopt -o default
    return
  fi
  _tglance_takes ''
  _tglance_read
  place=\${places[\${#args[@]}]-}
  [[ ! $place && \${places[*]} == *'*'* ]] && place=\${places[\${#places[@]} - 1]}
  if [[ $open && \${open%%=*} != *[?*] ]]; then
    _tglance_values "\${open#*=}" ''
  elif [[ ! $ended && $word == --*=* ]]; then
    _tglance_find "$word"
    [[ $found == *=* ]] && _tglance_values "\${found#*=}" "\${word%%=*}="
  elif [[ ! $ended && $word == -* ]]; then
    _tglance_options
  else
    [[ $open ]] && _tglance_values "\${open#*=}" ''
    if [[ ! $command ]]; then
      _tglance_offer "\${commands[@]}"
    elif [[ $place ]]; then
      _tglance_values "\${place#'*'}" ''
    elif [[ ! $word ]]; then
      _tglance_options
    fi
  fi
}

complete -F _tglance tglance`;
