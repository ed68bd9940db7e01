namespace CampaignManager.Application.Imports;

/// <summary>What a look into a file found: how it is written, its columns, its first rows.</summary>
/// <param name="Whole">True when the file ended within the rows looked at.</param>
/// <param name="AnyFault">Whether a row could not be read.</param>
public sealed record FileInspection(
    char Delimiter, string Encoding, bool Packed, IReadOnlyList<ColumnProfile> Columns, IReadOnlyList<IReadOnlyList<string>> Sample, long RowsSeen, bool Whole, bool AnyFault = false)
{
    /// <summary>The same words as several encodings read them, the one taken first; empty where the file says which it is.</summary>
    public IReadOnlyList<EncodingReading> Readings { get; init; } = [];


    // Unpacked; a look is to be over in a second or two, whatever the file is made of.
    internal const long BytesLookedAt = 64 * 1024 * 1024;

    private const int RowsLookedAt = 100_000;
    private const int SampleRows = 20;

    internal static FileInspection Of(string path, ImportOptions options, string? encoding, CancellationToken cancel)
    {
        using var table = CsvTable.Open(path, options, encoding, cancel, BytesLookedAt);
        var columns = table.Header.Select(name => new ColumnLook(name)).ToArray();
        var sample = new List<IReadOnlyList<string>>();
        long good = 0;
        var (whole, faults) = (false, false);
        while (good < RowsLookedAt)
        {
            if (!table.Read())
            {
                whole = !table.IsCutOff;
                break;
            }

            if (table.Fault is not null)
            {
                faults = true;
                continue;
            }

            good++;
            for (var i = 0; i < columns.Length; i++)
                columns[i].See(table.Field(i));
            if (sample.Count < SampleRows)
                sample.Add([.. columns.Select((_, i) => table.Field(i).ToString())]);
        }

        return new FileInspection(
            table.Format.Delimiter, table.Format.Encoding.WebName.ToUpperInvariant(), table.Format.Packed, [.. columns.Select(c => c.Profile())], sample, good, whole, faults)
        {
            Readings = table.Format.Guessed || encoding is not null ? table.Format.Readings(path) : [],
        };
    }
}

/// <summary>A column as far as it was looked at.</summary>
/// <param name="Values">Its most frequent values with their rows; at most <see cref="MostValues"/>.</param>
/// <param name="Distinct">Different values; null when there are too many to count.</param>
/// <param name="NumericShare">Share of filled values that are numbers.</param>
/// <param name="BinaryShare">Share of filled values that are yes or no.</param>
public sealed record ColumnProfile(
    string Name, bool Numeric, bool Binary, bool NonNegative, bool WithinUnit, long Missing, long Filled, IReadOnlyList<ColumnValue> Values, int? Distinct, bool NearlyUnique,
    double NumericShare, double BinaryShare)
{
    public const int MostValues = 21;

    /// <summary>The word "none" as it is written: nothing as a feature, but what many call the arm that got nothing.</summary>
    public IReadOnlyList<ColumnValue> Nones { get; init; } = [];
}

public sealed record ColumnValue(string Text, long Rows);

/// <summary>Collects a column's profile.</summary>
internal sealed class ColumnLook(string name)
{
    private const int MaxValues = 2000;
    private const int MaxHashes = 100_000;

    private readonly Dictionary<string, long> values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> nones = new(StringComparer.Ordinal);
    private readonly HashSet<int> hashes = [];
    private long numbers;
    private long yesNo;
    private bool nonNegative = true;
    private bool withinUnit = true;
    private bool overflow;
    private long missing;
    private long filled;

    public void See(ReadOnlySpan<char> text)
    {
        if (CsvNumber.IsMissing(text))
        {
            missing++;
            if (text.Equals("none", StringComparison.OrdinalIgnoreCase))
                nones[text.ToString()] = nones.GetValueOrDefault(text.ToString()) + 1;
            return;
        }

        filled++;
        var isYesNo = text is "0" or "1" or "0.0" or "1.0" || text.Equals("true", StringComparison.OrdinalIgnoreCase) || text.Equals("false", StringComparison.OrdinalIgnoreCase)
            || text.Equals("yes", StringComparison.OrdinalIgnoreCase) || text.Equals("no", StringComparison.OrdinalIgnoreCase) || text is "是" or "否";
        yesNo += isYesNo ? 1 : 0;
        if (CsvNumber.Read(text) is { IsNumber: true } reading)
        {
            // Which mark the column has is judged when it is read; for its profile one reading is as good as the other.
            var number = reading.Under(DecimalMark.Point);
            numbers++;
            nonNegative &= number >= 0;
            withinUnit &= number is > 0 and < 1;
        }
        else if (CsvNumber.IsInfinite(text))
        {
            numbers++;
            withinUnit = false;
        }

        if (hashes.Count < MaxHashes)
            hashes.Add(string.GetHashCode(text, StringComparison.Ordinal));
        var lookup = values.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(text, out var rows))
            lookup[text] = rows + 1;
        else if (values.Count < MaxValues)
            values[text.ToString()] = 1;
        else
            overflow = true;
    }

    public ColumnProfile Profile() => new(
        name, All(numbers), All(yesNo), All(numbers) && nonNegative, All(numbers) && withinUnit, missing, filled,
        [.. values.OrderByDescending(v => v.Value).ThenBy(v => v.Key, StringComparer.Ordinal).Take(ColumnProfile.MostValues).Select(v => new ColumnValue(v.Key, v.Value))],
        overflow ? null : values.Count,
        filled > 0 && hashes.Count >= 0.9 * Math.Min(filled, MaxHashes),
        (double)numbers / Math.Max(1, filled),
        (double)yesNo / Math.Max(1, filled))
    {
        Nones = [.. nones.OrderByDescending(v => v.Value).ThenBy(v => v.Key, StringComparer.Ordinal).Select(v => new ColumnValue(v.Key, v.Value))],
    };

    private bool All(long count) => filled > 0 && count == filled;
}
