using System.Text;
using CampaignManager.Application;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Imports;
using CampaignManager.Web.Hosting;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace CampaignManager.Web.Data;

/// <summary>
/// Reads a multipart body part by part: the file goes straight to the disk, whatever the order of the parts. Only the parts that are known
/// are taken, each once: what is not wanted is refused before it is read.
/// </summary>
internal static class MultipartImport
{
    /// <summary>Room for the fields beside the file.</summary>
    public const int FieldBytes = 1024 * 1024;

    private const string File = "file";

    // A mapping names 2,000 columns at most.
    private static readonly Dictionary<string, int> LongestField = new(StringComparer.Ordinal) { ["kind"] = 100, ["mapping"] = 512 * 1024 };

    /// <summary>The uploaded import and its mapping, null when none was sent. On a failure nothing is left of the file.</summary>
    public static async Task<Outcome<(Guid Id, ImportMapping? Mapping)>> ReadAsync(HttpRequest request, ImportService service, Actor actor, CancellationToken cancellationToken)
    {
        Guid? id = null;
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        var done = false;
        var boundary = MultipartBoundary.Of(request.ContentType)
            ?? throw new BadHttpRequestException(ApiProblems.WrongMediaType, StatusCodes.Status415UnsupportedMediaType);
        try
        {
            var reader = new MultipartReader(boundary, request.Body);
            while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
            {
                if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var part))
                    return Failure.Invalid("$", "Each part of the body needs a Content-Disposition with its name.");
                var name = HeaderUtilities.RemoveQuotes(part.Name).ToString();
                if (name == File ? id is not null : !LongestField.ContainsKey(name) || fields.ContainsKey(name))
                    return Unwanted(name);
                if (name != File)
                {
                    if (await TextAsync(section.Body, LongestField[name], cancellationToken) is not { } text)
                        return Failure.Invalid(name, $"This part has at most {LongestField[name]} bytes.");
                    fields[name] = text;
                    if (name == "kind" && service.Unknown(text) is { } wrong)
                        return wrong;
                    continue;
                }

                var fileName = part.FileNameStar.Length > 0 ? part.FileNameStar : part.FileName;
                var uploaded = await service.UploadAsync(actor, HeaderUtilities.RemoveQuotes(fileName).ToString(), section.Body, cancellationToken, fields.GetValueOrDefault("kind"));
                if (!uploaded.Succeeded)
                    return uploaded.Failure;
                id = uploaded.Value;
            }

            var read = Judge(id, fields, service);
            if (read.Succeeded && await service.SayKindAsync(actor, read.Value.Id, fields["kind"], cancellationToken) is { Succeeded: false } lost)
                return lost.Failure;
            done = read.Succeeded;
            return read;
        }
        catch (Exception broken) when (broken is InvalidDataException
            || (broken is IOException and not BadHttpRequestException && !DiskFull.IsMeantBy(broken)))
        {
            throw new BadHttpRequestException("The multipart body is broken.", broken);
        }
        finally
        {
            if (!done && id is { } left)
                await service.DiscardAsync(actor, left, CancellationToken.None);
        }
    }

    private static Failure Unwanted(string name) => name == File
        ? Failure.Invalid(File, "Send one file at a time.")
        : LongestField.ContainsKey(name)
            ? Failure.Invalid(name, $"Send the part '{name}' once.")
            : Failure.Invalid("$", $"There is no part '{(name.Length > 50 ? name[..50] + "…" : name)}'. Parts are: file, kind, mapping.");

    private static Outcome<(Guid Id, ImportMapping? Mapping)> Judge(Guid? id, Dictionary<string, string> fields, ImportService service)
    {
        if (service.Unknown(fields.GetValueOrDefault("kind")) is { } wrong)
            return wrong;
        if (id is null)
            return Failure.Invalid(File, "Send the file as a part called 'file'.");
        if (fields.GetValueOrDefault("mapping") is not { } json || string.IsNullOrWhiteSpace(json))
            return (id.Value, null);
        var mapping = service.ParseMapping(fields["kind"], json);
        return mapping.Succeeded ? (id.Value, mapping.Value) : mapping.Failure;
    }

    /// <summary>Null when it is longer.</summary>
    private static async Task<string?> TextAsync(Stream body, int most, CancellationToken cancellationToken)
    {
        var buffer = new byte[most + 1];
        var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return length <= most ? Encoding.UTF8.GetString(buffer, 0, length) : null;
    }
}
