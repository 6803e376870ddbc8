interface FileButtonProps {
  label: string;
  disabled: boolean;
  onFile: (file: File) => void;
}

/** Asks for one file of data. */
export function FileButton({ label, disabled, onFile }: FileButtonProps) {
  return (
    <label className="button">
      <input
        type="file"
        accept=".csv,.tsv,.tab,.txt,.jsonl,.ndjson,.json,.parquet"
        disabled={disabled}
        className="visually-hidden"
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file !== undefined) onFile(file);
          event.target.value = '';
        }}
      />
      {label}
    </label>
  );
}
