using System.Runtime.InteropServices;
using CampaignManager.Application.Lake;

namespace CampaignManager.Application.TrainingData;

/// <summary>Reads a training table's Parquet file and manifest from the lake.</summary>
public sealed class UpliftTableReader(DataLake lake)
{
    private static readonly (string, string)[] Fixed =
        [("row", "BIGINT"), ("customer_id", "VARCHAR"), ("campaign_id", "VARCHAR"), ("arm", "INTEGER"), ("propensity", "DOUBLE"), ("split", "VARCHAR")];

    /// <param name="folder">Folder relative to the lake that holds <c>table.parquet</c> and <c>manifest.json</c>.</param>
    public async Task<UpliftTable> ReadAsync(string folder, CancellationToken cancellationToken)
    {
        var manifestPath = lake.PathTo(Path.Combine(folder, UpliftTableManifest.ManifestFile));
        if (!File.Exists(manifestPath) || !File.Exists(lake.PathTo(Path.Combine(folder, UpliftTableManifest.TableFile))))
            throw new FileNotFoundException($"There is no training table in {folder}.");
        var manifest = UpliftTableManifest.Parse(await File.ReadAllTextAsync(manifestPath, cancellationToken));
        return Read(lake.SourceOf(Path.Combine(folder, UpliftTableManifest.TableFile)), manifest, cancellationToken);
    }

    private UpliftTable Read(string source, UpliftTableManifest manifest, CancellationToken cancellationToken)
    {
        using var connection = lake.Open();
        var columns = connection.Query($"DESCRIBE SELECT * FROM {source}", r => r.GetString(0)).ToList();
        var count = connection.Scalar<int>($"SELECT count(*) FROM {source}");
        var outcomes = columns.Where(c => c.StartsWith("y_", StringComparison.Ordinal)).ToList();
        var numbers = columns.Where(c => c.StartsWith("x_", StringComparison.Ordinal) || c.StartsWith("o_", StringComparison.Ordinal)).ToList();
        var words = columns.Where(c => c.StartsWith("c_", StringComparison.Ordinal)).ToList();

        var y = outcomes.Select(_ => new double[count]).ToArray();
        var x = numbers.Select(_ => new float[count]).ToArray();
        var text = words.Select(_ => new WordColumn(count)).ToArray();
        var rows = new long[count];
        var customers = new NamedCustomers(count);
        var campaigns = new string[count];
        var arms = new int[count];
        var propensity = new double[count];
        var splits = new string?[count];
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        string Intern(string value) => known.TryGetValue(value, out var same) ? same : known[value] = value;

        static string Quoted(string column, string type) => $"\"{column.Replace("\"", "\"\"", StringComparison.Ordinal)}\"::{type}";
        using var command = connection.CreateCommand();
        // As the file has them and as they come: neither a sorted nor a whole copy of the table is ever made beside the one below.
        command.CommandText = $"SELECT {string.Join(", ", Fixed.Concat(outcomes.Concat(numbers).Select(c => (c, "DOUBLE"))).Concat(words.Select(c => (c, "VARCHAR"))).Select(c => Quoted(c.Item1, c.Item2)))} FROM {source}";
        command.UseStreamingMode = true;
        using var reader = command.ExecuteReader();
        for (var i = 0; reader.Read(); i++)
        {
            if (i % 10_000 == 0)
                cancellationToken.ThrowIfCancellationRequested();
            double Number(int column) => reader.IsDBNull(column) ? double.NaN : reader.GetDouble(column);
            rows[i] = reader.GetInt64(0);
            customers.Set(i, reader.GetString(1));
            campaigns[i] = Intern(reader.IsDBNull(2) ? "" : reader.GetString(2));
            arms[i] = reader.GetInt32(3);
            propensity[i] = Number(4);
            splits[i] = reader.IsDBNull(5) ? null : Intern(reader.GetString(5));
            var at = Fixed.Length;
            foreach (var values in y)
                values[i] = Number(at++);
            foreach (var values in x)
                values[i] = (float)Number(at++);
            foreach (var values in text)
            {
                values.Set(i, reader.IsDBNull(at) ? null : reader.GetString(at));
                at++;
            }
        }

        string LabelOf(string column) => manifest.Labels?.GetValueOrDefault(column) ?? column[2..].Replace('_', ' ');
        var table = new UpliftTable
        {
            Manifest = manifest,
            Rows = rows,
            CustomerIds = customers.Ids,
            Customers = customers.Numbers,
            CampaignIds = campaigns,
            Arms = arms,
            Propensity = propensity,
            Splits = splits,
            Outcomes = outcomes.Select((name, j) => (name, j)).ToDictionary(o => o.name[2..], o => y[o.j]),
            Features =
            [
                .. numbers.Select((name, j) => new FeatureColumn(name, name[0] == 'o' ? FeatureKind.Offer : FeatureKind.Numeric, LabelOf(name), [], x[j])),
                .. words.Select((name, j) => text[j].ToFeature(name, LabelOf(name))),
            ],
        };
        return InOrder(table);
    }

    /// <summary>By row, customers numbered as they come then. Both writers of tables write them so, and nothing is moved.</summary>
    private static UpliftTable InOrder(UpliftTable table)
    {
        var isOrdered = true;
        for (var i = 1; i < table.Count && isOrdered; i++)
            isOrdered = table.Rows[i - 1] <= table.Rows[i];
        if (isOrdered)
            return table;
        int[] order = [.. Enumerable.Range(0, table.Count)];
        Array.Sort((long[])table.Rows.Clone(), order);
        table = table.Select(order);
        var customers = new NamedCustomers(table.Count);
        for (var i = 0; i < table.Count; i++)
            customers.Set(i, table.CustomerIds[i]);
        return table with { CustomerIds = customers.Ids, Customers = customers.Numbers };
    }

    public static FeatureColumn Categorical(string name, string label, string?[] words)
    {
        var column = new WordColumn(words.Length);
        for (var i = 0; i < words.Length; i++)
            column.Set(i, words[i]);
        return column.ToFeature(name, label);
    }
}

/// <summary>Ids of rows' customers, one text a customer however many rows they have, and numbers from 0 in the order in which they come.</summary>
internal sealed class NamedCustomers(int rows)
{
    private readonly Dictionary<string, int> number = new(StringComparer.Ordinal);
    private readonly List<int> first = [];

    public string[] Ids { get; } = new string[rows];

    public int[] Numbers { get; } = new int[rows];

    public void Set(int row, string id)
    {
        ref var at = ref CollectionsMarshal.GetValueRefOrAddDefault(number, id, out var known);
        if (!known)
        {
            at = first.Count;
            first.Add(row);
        }

        Numbers[row] = at;
        Ids[row] = known ? Ids[first[at]] : id;
    }
}

/// <summary>A column of words while it is read: numbers of levels in the order in which they come.</summary>
internal sealed class WordColumn(int rows)
{
    private readonly Dictionary<string, int> number = new(StringComparer.Ordinal);
    private readonly float[] values = new float[rows];

    public void Set(int row, string? word)
    {
        if (word is null)
        {
            values[row] = float.NaN;
            return;
        }

        ref var at = ref CollectionsMarshal.GetValueRefOrAddDefault(number, word, out var known);
        if (!known)
            at = number.Count - 1;
        values[row] = at;
    }

    /// <summary>The feature, its levels in ordinal order.</summary>
    public FeatureColumn ToFeature(string name, string label)
    {
        List<string> levels = [.. number.Keys.Order(StringComparer.Ordinal)];
        var place = new float[levels.Count];
        for (var level = 0; level < levels.Count; level++)
            place[number[levels[level]]] = level;
        for (var i = 0; i < values.Length; i++)
        {
            if (!float.IsNaN(values[i]))
                values[i] = place[(int)values[i]];
        }

        return new FeatureColumn(name, FeatureKind.Categorical, label, levels, values);
    }
}
