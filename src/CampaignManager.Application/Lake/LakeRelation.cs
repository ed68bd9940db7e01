using System.Globalization;

namespace CampaignManager.Application.Lake;

/// <summary>
/// A table as SQL. Files outside the catalogue have the columns of the first release and need nothing; listed files are read as they are, and only those of a folder in
/// which something was replaced or taken away go by the newest version of each key.
/// </summary>
internal sealed class LakeRelation(DataLake lake, LakeTable table, LakeCatalogue catalogue, DateTime? knownBy)
{
    private readonly List<ListedFile> listed = [.. catalogue.FilesOf(table)];

    /// <summary>The table, with what ids that turned out to be somebody's did as that person's.</summary>
    public string Sql => new LakeAliases(lake, catalogue, knownBy).Applied(table, Own);

    /// <summary>As the rows say themselves.</summary>
    public string Own
    {
        get
        {
            // Without a catalogue every file is one that nothing lists.
            IReadOnlyList<string> others = catalogue.Revision > 0 ? lake.UnlistedFiles(table) : lake.HasRows(table) ? [lake.GlobOf(table)] : [];
            var kept = others.Count == 0 ? null : $"SELECT {Unlisted} FROM {Read(others)}{Known(table.Later.Single(c => c.Name == "known_at").Otherwise)}";
            if (listed.Count == 0)
                return kept is null ? table.EmptySql : $"({kept})";
            // Within a folder of one import every key is there once, or its file says otherwise.
            var many = listed.GroupBy(f => f.Folder).Where(g => g.Any(f => f.Replaces) || (table.Merge == LakeMerge.ByColumn
                && (kept is not null || g.Count() > 1 || g.Any(f => f.Versions.Count > 1)))).Select(g => g.Key).ToHashSet(StringComparer.Ordinal);
            var plain = listed.Where(f => !many.Contains(f.Folder)).ToList();
            var rest = listed.Where(f => many.Contains(f.Folder)).ToList();
            if (table.Merge == LakeMerge.ByColumn && rest.Count > 0)
                return $"({(plain.Count == 0 ? "" : Plain(plain) + " UNION ALL ")}{ByColumn(kept, rest)})";
            string?[] all = [kept, plain.Count == 0 ? null : Plain(plain), rest.Count == 0 ? null : Newest(rest)];
            return $"({string.Join(" UNION ALL ", all.Where(part => part is not null))})";
        }
    }

    /// <summary>All listed rows, whatever replaced them: what writers compare with.</summary>
    public string AllVersions => listed.Count == 0 ? table.EmptySql : $"({Plain(listed)})";

    /// <summary>All rows, marks of what was taken away too, that imports after a version wrote, and some imports before it; null where none did.</summary>
    public string? Since(long version, IReadOnlyList<long> and)
    {
        var files = listed.Where(f => f.Versions.Any(v => v > version || and.Contains(v))).ToList();
        var others = string.Concat(and.Select(v => string.Create(CultureInfo.InvariantCulture, $" OR version = {v}")));
        return files.Count == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"(SELECT * FROM ({Plain(files)}) WHERE version > {version}{others})");
    }

    /// <summary>All rows there are, of files outside the catalogue too: versions that were replaced, and the marks of what was taken away.</summary>
    public string Everything
    {
        get
        {
            IReadOnlyList<string> others = catalogue.Revision > 0 ? lake.UnlistedFiles(table) : lake.HasRows(table) ? [lake.GlobOf(table)] : [];
            string?[] all = [others.Count == 0 ? null : $"SELECT {Unlisted} FROM {Read(others)}", listed.Count == 0 ? null : Plain(listed)];
            return all.All(part => part is null) ? table.EmptySql : $"({string.Join(" UNION ALL ", all.Where(part => part is not null))})";
        }
    }

    private string Folders => string.Concat(table.PartitionColumns.Select(c => c + ", "));

    private string Unlisted =>
        $"{table.ColumnList}, {Folders}{string.Join(", ", table.Later.Select(c => $"{c.Otherwise}::{c.Type} AS \"{c.Name}\""))}";

    public string Columns => $"{table.ColumnList}, {Folders}{string.Join(", ", table.Later.Select(c => $"\"{c.Name}\""))}";

    private string Plain(IEnumerable<ListedFile> files) => string.Join(" UNION ALL ", files.GroupBy(f => !table.HasLate || f.Whole).OrderBy(g => g.Key).Select(
        g => $"SELECT {(g.Key ? Columns : Earlier)} FROM {Read(g.Select(f => lake.PathTo(f.Path)))}{Known("known_at")}"));

    /// <summary>The columns of listed files that an earlier release wrote.</summary>
    private string Earlier =>
        $"{table.ColumnList}, {Folders}{string.Join(", ", table.Later.Select(c => c.IsLate ? $"{c.Otherwise}::{c.Type} AS \"{c.Name}\"" : $"\"{c.Name}\""))}";

    private string Newest(IEnumerable<ListedFile> files) => $"""
        SELECT {Columns} FROM (
            SELECT *, max(version) OVER (PARTITION BY {Folders}{string.Join(", ", table.Key)}) AS newest FROM ({Plain(files)}))
        WHERE version = newest AND NOT deleted
        """;

    private string ByColumn(string? others, IEnumerable<ListedFile> files)
    {
        var all = others is null ? Plain(files) : $"{others} UNION ALL {Plain(files)}";
        // What only follows from an order or a line gives way to what a list says.
        var weak = table.Columns.Any(c => c.Name == "joined_at") ? "joined_from LIKE 'first-%'" : "named_from = 'line'";
        return $"""
            SELECT {Columns} FROM (
                SELECT {string.Join(", ", table.Key.Concat(table.PartitionColumns))}, {string.Join(", ", table.Whole.Where(c => !table.Key.Contains(c.Name)).Select(Merged))}
                FROM (SELECT *, version - CASE WHEN {weak} THEN 1000000000000 ELSE 0 END AS rank FROM ({all}))
                GROUP BY {string.Join(", ", table.Key.Concat(table.PartitionColumns))} HAVING NOT arg_max(deleted, version))
            """;
    }

    private static string Merged(LakeColumn column) => column.Name switch
    {
        "joined_at" => "coalesce(arg_max(joined_at, version) FILTER (joined_from = 'file'), min(joined_at)) AS joined_at",
        "joined_from" => "coalesce(any_value(joined_from) FILTER (joined_from = 'file'), arg_min(joined_from, joined_at)) AS joined_from",
        "known_at" => "min(known_at) AS known_at",
        "deleted" => "false AS deleted",
        _ => $"arg_max(\"{column.Name}\", rank) AS \"{column.Name}\"",
    };

    private string Read(IEnumerable<string> paths)
    {
        var types = string.Join(", ", table.PartitionColumns.Select(c => $"'{c}': {(c == "bucket" ? "INTEGER" : "VARCHAR")}"));
        var hive = types.Length == 0 ? "hive_partitioning = false" : $"hive_partitioning = true, hive_types = {{{types}}}";
        var files = paths.Select(p => $"'{DataLake.Quote(p)}'").ToList();
        return $"read_parquet({(files.Count == 1 ? files[0] : $"[{string.Join(", ", files)}]")}, {hive})";
    }

    private string Known(string column) =>
        knownBy is { } cut ? string.Create(CultureInfo.InvariantCulture, $" WHERE {column} <= {DataLake.Moment(cut)}") : "";
}
