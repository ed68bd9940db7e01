using CampaignManager.Application.Imports;

namespace CampaignManager.Application.ShopData.Sources;

/// <summary>
/// A shop's file as rows of named text, however it is written: CSV or TSV, NDJSON, a JSON array, Parquet, each also packed. Read front to
/// back in constant memory, as often as asked.
/// </summary>
public interface IRowSource
{
    string FileName { get; }

    /// <summary>Column names of a table; of JSON the paths seen in its first rows (<c>properties.order_id</c>).</summary>
    IReadOnlyList<string> Columns { get; }

    /// <summary>The same words as several encodings read them, where the bytes fit more than one (<c>encoding-unsure</c>); empty: there is
    /// no doubt.</summary>
    IReadOnlyList<EncodingReading> Readings => [];

    /// <summary>Its numbers are a program's, with a point and no other sign (JSON, Parquet); false: people and spreadsheets may have
    /// written them.</summary>
    bool IsTyped => false;

    /// <summary>All rows from the start. Each is valid until the next is asked for.</summary>
    /// <exception cref="Imports.ImportRefusedException">The file cannot be read (any further).</exception>
    IEnumerable<ISourceRow> Read(CancellationToken cancel);
}

/// <summary>A row of a file.</summary>
public interface ISourceRow
{
    /// <summary>0-based among the data rows.</summary>
    long Number { get; }

    /// <summary>Why it cannot be read; null: it can.</summary>
    (string Reason, string? Detail)? Fault { get; }

    /// <summary>The trimmed text under a column or JSON path; null where there is none or it is empty.</summary>
    string? this[string column] { get; }

    /// <summary>The elements of an array inside a row (<c>items</c>, <c>properties.products</c>); none in a table.</summary>
    IEnumerable<ISourceRow> Items(string path);

    /// <summary>Columns or paths that are filled here, with their text: for generic targets and content hashes.</summary>
    IEnumerable<KeyValuePair<string, string>> Filled { get; }
}
