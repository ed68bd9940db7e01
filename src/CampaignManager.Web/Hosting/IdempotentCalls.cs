using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using CampaignManager.Application;
using CampaignManager.Application.Idempotency;
using CampaignManager.Web.Access;
using Microsoft.AspNetCore.WebUtilities;

namespace CampaignManager.Web.Hosting;

/// <summary>
/// A changing call with an <c>Idempotency-Key</c> happens once. Stands after authorization, so that only callers who may call are remembered; answers
/// that failed are not kept, because they changed nothing.
/// </summary>
public sealed class IdempotentCalls(RequestDelegate next, IdempotencyService calls)
{
    public const string Header = "Idempotency-Key";
    private const int MaxKeyLength = 200;

    public async Task InvokeAsync(HttpContext http)
    {
        var key = http.Request.Headers[Header].ToString();
        var isKey = http.User.Identity?.AuthenticationType == ApiKeyAuthentication.SchemeName;
        if (key == "" || !isKey || HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method))
        {
            await next(http);
            return;
        }

        if (key.Length > MaxKeyLength)
        {
            await ApiProblems.Write(http, StatusCodes.Status400BadRequest, "invalid", $"An Idempotency-Key has at most {MaxKeyLength} characters.");
            return;
        }

        var caller = http.User.FindFirstValue(ClaimTypes.NameIdentifier)!;
        var route = $"{http.Request.Method} {http.Request.Path}{http.Request.QueryString}";
        var claim = await calls.ClaimAsync(new CallIdentity(caller, key, route, await HashBodyAsync(http)), http.RequestAborted);
        if (claim.Failure is { } failure)
            await failure.ToProblem().ExecuteAsync(http);
        else if (claim.Answer is { } answer)
            await RepeatAsync(http, answer);
        else
            await RunOnceAsync(http, claim.ClaimId!.Value);
    }

    private async Task RunOnceAsync(HttpContext http, long claimId)
    {
        var wire = http.Response.Body;
        using var kept = new MemoryStream();
        http.Response.Body = kept;
        var finished = false;
        using var ended = new CancellationTokenSource();
        var renewing = calls.RenewAsync(claimId, ended.Token);
        try
        {
            await next(http);
            if (http.Response.StatusCode < 400)
            {
                var headers = http.Response.Headers;
                // The call has happened, so its answer is kept even when the caller has hung up.
                await calls.FinishAsync(
                    claimId,
                    new CallAnswer(http.Response.StatusCode, http.Response.ContentType, Text(headers.Location.ToString()), Text(headers.ETag.ToString()), kept.ToArray()),
                    CancellationToken.None);
                finished = true;
            }
        }
        finally
        {
            http.Response.Body = wire;
            await ended.CancelAsync();
            await renewing;
            if (!finished)
                await calls.AbandonAsync(claimId, CancellationToken.None);
        }

        kept.Position = 0;
        await kept.CopyToAsync(wire, http.RequestAborted);
    }

    private static async Task RepeatAsync(HttpContext http, CallAnswer answer)
    {
        http.Response.StatusCode = answer.Status;
        http.Response.ContentType = answer.ContentType;
        http.Response.Headers.Location = answer.Location;
        http.Response.Headers.ETag = answer.ETag;
        http.Response.Headers["Idempotency-Replayed"] = "true";
        if (answer.Body.Length > 0)
            await http.Response.Body.WriteAsync(answer.Body, http.RequestAborted);
    }

    /// <summary>A multipart body is hashed by its parts: its boundary is new with every try.</summary>
    private static async Task<string> HashBodyAsync(HttpContext http)
    {
        http.Request.EnableBuffering();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        if (MultipartBoundary.Of(http.Request.ContentType) is { } boundary)
        {
            await AppendPartsAsync(hash, new MultipartReader(boundary, http.Request.Body), http.RequestAborted);
        }
        else
        {
            await AppendAsync(hash, http.Request.Body, http.RequestAborted);
        }

        http.Request.Body.Position = 0;
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static async Task AppendPartsAsync(IncrementalHash hash, MultipartReader reader, CancellationToken cancellationToken)
    {
        try
        {
            while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
            {
                hash.AppendData(Encoding.UTF8.GetBytes($"\n{section.ContentDisposition}\n"));
                await AppendAsync(hash, section.Body, cancellationToken);
            }
        }
        catch (Exception broken) when ((broken is IOException && !DiskFull.IsMeantBy(broken)) || broken is InvalidDataException)
        {
            throw new BadHttpRequestException("The multipart body is broken.", broken);
        }
    }

    private static async Task AppendAsync(IncrementalHash hash, Stream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
            hash.AppendData(buffer.AsSpan(0, read));
    }

    private static string? Text(string header) => header == "" ? null : header;
}
